#include "conformance/command_line/rigs.h"

#include "conformance/node/time.h"

#include <filesystem>
#include <initializer_list>
#include <system_error>

namespace conformance {
namespace {

bool exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

std::string what_fakes_lack(const Options& options) {
  for (const std::string program : {"fake-kamailio", "fake-kamctl", "fake-sipsak"}) {
    if (!exists(options.fakes + "/" + program)) {
      return options.fakes + "/" + program +
             " is not there; build it, or say with --fakes where it is";
    }
  }
  return "";
}

std::string what_live_lacks() {
  for (const std::string path : {"/usr/sbin/kamailio", "/usr/sbin/kamctl", "/usr/bin/sipsak"}) {
    if (!exists(path)) {
      return "--rig live: " + path + " is not there; install kamailio and sipsak";
    }
  }
  return "";
}

}  // namespace

tl::expected<RigSet, std::string> make_rigs(const Options& options, const AgentFile& agent) {
  RigSet rigs{.simulated = options.rigs.contains(Rig::simulated)};
  if (options.rigs.contains(Rig::fakes) || options.rigs.contains(Rig::live)) {
    rigs.parameters = parameters_of(agent);
    if (!rigs.parameters.contains("listen_address")) {
      return tl::unexpected(
          agent.path +
          ": its meta-data name no parameter listen_address, and the scenarios are "
          "of Kamailio; ask any agent with --rig contract");
    }
    rigs.defaults = options.parameters;
  }
  NodeRig node{.agent = agent.path, .name = agent.name, .shared = options.shared};
  if (options.debugs) {
    node.environment["HA_debug"] = "1";
  }
  if (options.traces) {
    node.environment["OCF_TRACE_RA"] = "1";
  }
  if (options.rigs.contains(Rig::live)) {
    if (const auto lack = what_live_lacks(); !lack.empty()) {
      return tl::unexpected(lack);
    }
    rigs.live = node;
  }
  node.rate = options.rate;
  if (node.rate > 1) {
    node.faketime = node::find_faketime();
    if (node.faketime.empty() &&
        (options.rigs.contains(Rig::fakes) || options.rigs.contains(Rig::contract))) {
      return tl::unexpected(std::string(
          "libfaketime is not there: install faketime, or let time pass as it does with --rate 1"));
    }
  }
  if (options.rigs.contains(Rig::contract)) {
    rigs.contract = node;
    if (agent.name.type == "kamailio") {
      if (const auto lack = what_fakes_lack(options); !lack.empty()) {
        return tl::unexpected(lack);
      }
      rigs.contract->fakes = options.fakes;
    }
  }
  if (options.rigs.contains(Rig::fakes)) {
    if (const auto lack = what_fakes_lack(options); !lack.empty()) {
      return tl::unexpected(lack);
    }
    rigs.fakes = node;
    rigs.fakes->fakes = options.fakes;
  }
  return rigs;
}

}  // namespace conformance
