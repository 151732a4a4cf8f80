#include "conformance/command_line/rigs.h"

#include "conformance/cluster/cluster.h"
#include "conformance/contract/meta_data.h"
#include "conformance/node/apart.h"
#include "conformance/node/time.h"
#include "sim/yaml/table.h"

#include <exception>
#include <filesystem>
#include <initializer_list>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace conformance {
namespace {

bool exists(const std::string& path) {
  std::error_code error;
  return std::filesystem::exists(path, error);
}

std::string what_fakes_lack(const Options& options) {
  for (const std::string program :
       {"fake-kamailio", "fake-kamctl", "fake-sipsak", "fake-sip-responder"}) {
    if (!exists(options.fakes + "/" + program)) {
      return options.fakes + "/" + program +
             " does not exist; build it, or set its directory with --fakes";
    }
  }
  return "";
}

std::string what_live_lacks() {
  for (const std::string path : {"/usr/sbin/kamailio", "/usr/sbin/kamctl", "/usr/bin/sipsak"}) {
    if (!exists(path)) {
      return "--rig live: " + path + " does not exist; install kamailio and sipsak";
    }
  }
  return "";
}

// The agent's meta-data; nothing if they cannot be parsed, which a contract check reports.
// meta-data runs on a node, where the agent cannot do harm.
contract::MetaData meta_data_of(const NodeRig& rig) {
  const auto apart = node::run_apart(
      [&rig] { make_node(rig); },
      [&rig](node::Init& /*init*/) {
        try {
          const cluster::Cluster agent(path_on_node(rig), rig.name);
          return "meta-data:" + agent.run({.name = "test"}, {.action = "meta-data"}).out;
        } catch (const std::exception&) {
          return std::string("meta-data:");  // a file that cannot be run has none
        }
      });
  auto text = heard_from(apart);
  constexpr std::string_view beginning = "meta-data:";
  if (!text.starts_with(beginning)) {
    throw std::runtime_error("cannot create a node: " + text.substr(text.find('!') + 1));
  }
  text.erase(0, beginning.size());
  return contract::read_meta_data(text).meta_data;
}

// Without them no start succeeds, and most checks would be skipped.
std::string what_is_required(const Options& options, const contract::MetaData& meta_data) {
  for (const auto& parameter : meta_data.parameters) {
    if (parameter.required && !parameter.default_value &&
        !options.parameters.contains(parameter.name)) {
      return "the agent requires the parameter " + parameter.name + "; set it with -o " +
             parameter.name + "=VALUE";
    }
  }
  return "";
}

std::string wrong_with_parameters(const Options& options, const AgentFile& agent,
                                  const std::set<std::string>& known) {
  const bool plays_scenarios =
      options.rigs.contains(Rig::fakes) || options.rigs.contains(Rig::live);
  if (plays_scenarios && !known.contains("listen_address")) {
    return agent.path +
           ": the meta-data have no parameter listen_address, which the scenarios of Kamailio "
           "need; "
           "use --rig contract";
  }
  // Meta-data do not list the parameters of ocf-shellfuncs.
  const std::set<std::string> of_the_library = {"trace_dir", "trace_file", "trace_ra"};
  for (const auto& [option, set] :
       {std::pair("-o", &options.parameters), std::pair("--second", &options.second)}) {
    for (const auto& [name, value] : *set) {
      if (!known.empty() && !known.contains(name) && !of_the_library.contains(name)) {
        std::vector<std::string> names(known.begin(), known.end());
        return std::string(option) + " " + name + "=" + value + ": unknown parameter '" + name +
               "'; expected " + yaml::alternatives(names);
      }
    }
  }
  return "";
}

}  // namespace

tl::expected<RigSet, std::string> make_rigs(const Options& options, const AgentFile& agent) {
  RigSet rigs{.simulated = options.rigs.contains(Rig::simulated)};
  NodeRig node{.agent = agent.path, .name = agent.name, .shared = options.shared};
  if (options.debugs) {
    node.environment["HA_debug"] = "1";
  }
  if (options.traces) {
    node.environment["OCF_TRACE_RA"] = "1";
  }
  // Recordings run no agent.
  const bool is_on_nodes = options.rigs != std::set<Rig>{Rig::simulated};
  if (!options.plays_recordings && (is_on_nodes || !options.parameters.empty())) {
    const auto meta_data = meta_data_of(node);
    for (const auto& parameter : meta_data.parameters) {
      rigs.parameters.insert(parameter.name);
    }
    rigs.defaults = options.parameters;
    const bool asks_all_of_any_agent = options.rigs.contains(Rig::contract) &&
                                       !options.agent.empty() && options.filters.empty() &&
                                       !options.lists;
    if (auto lack = what_is_required(options, meta_data); asks_all_of_any_agent && !lack.empty()) {
      return tl::unexpected(lack);
    }
    if (auto wrong = wrong_with_parameters(options, agent, rigs.parameters); !wrong.empty()) {
      return tl::unexpected(wrong);
    }
  }
  if (options.rigs.contains(Rig::live)) {
    if (const auto lack = what_live_lacks(); !lack.empty()) {
      return tl::unexpected(lack);
    }
    if (const auto lack = what_fakes_lack(options); options.plays_recordings && !lack.empty()) {
      return tl::unexpected(lack);
    }
    rigs.live = node;
  }
  node.rate = options.plays_recordings ? 1 : options.rate;
  if (node.rate > 1) {
    node.faketime = node::find_faketime();
    if (node.faketime.empty() &&
        (options.rigs.contains(Rig::fakes) || options.rigs.contains(Rig::contract))) {
      return tl::unexpected(
          std::string("libfaketime is missing: install faketime, or use --rate 1 for real time"));
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
