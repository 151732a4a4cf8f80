#pragma once

#include "conformance/cluster/cluster.h"

#include <functional>
#include <string>

namespace bench {

inline constexpr const char* stock_agent = "/usr/lib/ocf/resource.d/heartbeat/kamailio";

// Each section prints a part of the report, in Markdown. False: a target was missed.

// Start, monitor, stop and meta-data as the stock agent knows them, beside the bare programs.
void compare_lives(int rounds);

// Monitors of one healthy server: the agent's own probes, the tools, the stock agent, and a bare
// program that exchanges the same messages.
[[nodiscard]] bool compare_health_checks(int rounds);

// The same monitor among more and more processes; the bare program beside it tells what is the
// machine's doing. Writes its numbers to `data`, for a plot.
[[nodiscard]] bool compare_scale(int rounds, const std::string& data);

// Fifty instances on one node, each monitored every second.
void measure_fleet(int seconds);

// A server that answers all that any of them asks, and how to ask it.
struct Server {
  cluster::Resource builtin;      // probe=builtin, rpc, no kamctl
  cluster::Resource with_sipsak;  // without kamctl
  cluster::Resource with_kamctl;  // and sipsak
  std::string rpc_socket;
};

// Started, and stopped at the end of the scope.
class RunningServer {
 public:
  RunningServer();
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;
  ~RunningServer();

  [[nodiscard]] const Server& server() const { return server_; }

 private:
  Server server_;
};

// A bare program that exchanges the same messages as a monitor with probe=builtin and rpc.
[[nodiscard]] std::function<void()> bare_probe_of(const Server& server);

// A monitor that succeeds.
[[nodiscard]] std::function<void()> monitor_of(const cluster::Cluster& agent,
                                               const cluster::Resource& resource,
                                               int check_level = 10);

}  // namespace bench
