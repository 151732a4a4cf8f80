#include "conformance/bench/cost.h"
#include "conformance/bench/sections.h"
#include "conformance/cluster/cluster.h"
#include "conformance/live/node.h"

#include <chrono>

namespace bench {
namespace {

constexpr int port = 5060;

Server make_server() {
  const std::string socket = "/run/kamailio/kamailio_rpc.sock";
  live::write_file("/etc/kamailio/kamctlrc", "");
  const auto plain = live::make_resource("p_kam", port, {.has_fifo = true, .dgram_socket = socket});
  return {.builtin = plain.with("probe", "builtin").with("rpc", "unixd:" + socket),
          .with_sipsak = plain,
          .with_kamctl = plain.without("kamctlrc").with("kamctl", "/usr/sbin/kamctl"),
          .rpc_socket = socket};
}

void run(const cluster::Cluster& agent, const cluster::Resource& resource, const char* action) {
  const auto result = agent.run(resource, {.action = action});
  must(result.code == 0, agent.agent() + " " + action + ": " + result.err);
}

}  // namespace

// The stock agent knows no server that another agent has started.
RunningServer::RunningServer() : server_(make_server()) {
  run(cluster::Cluster(stock_agent), server_.with_sipsak, "start");
}

RunningServer::~RunningServer() { run(live::agent(), server_.builtin, "stop"); }

std::function<void()> monitor_of(const cluster::Cluster& agent, const cluster::Resource& resource,
                                 int check_level) {
  return [agent, resource, check_level] {
    const auto result = agent.run(
        resource,
        {.action = "monitor", .timeout = std::chrono::seconds(60), .check_level = check_level});
    must(result.code == 0, agent.agent() + " monitor: " + result.err);
  };
}

std::function<void()> bare_probe_of(const Server& server) {
  const cluster::Cluster bare(BARE_PROBE);
  const auto& parameters = server.builtin.parameters;
  return [bare, address = parameters.at("listen_address"), port = parameters.at("port"),
          socket = server.rpc_socket] {
    const auto result =
        bare.run({}, {.action = address, .check_level = 0, .further_arguments = {port, socket}});
    must(result.code == 0, "the bare probe: " + result.err);
  };
}

}  // namespace bench
