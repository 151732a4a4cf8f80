#pragma once

#include "conformance/cluster/cluster.h"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace bench {

// The cost of an action on this node.
struct Cost {
  std::chrono::microseconds wall{0};
  std::chrono::microseconds cpu{0};  // of all processes that have ended, user and system
  int processes = 0;                 // started
};

// Runs the action and waits for the processes that it starts. Nothing else may start processes on
// this node at the same time.
[[nodiscard]] Cost cost_of(const std::function<void()>& action);

// The median of each column, which ignores single outliers. `costs` must not be empty.
[[nodiscard]] Cost median(std::vector<Cost> costs);

[[nodiscard]] double in_ms(std::chrono::microseconds time);

// A line of the report: the target, the measurement, and whether the target is met.
enum class Wanted { at_least, at_most };
struct Target {
  std::string what;
  double measured = 0;
  Wanted wanted = Wanted::at_most;
  double limit = 0;
};

// Prints the targets as a table. Returns false if one is missed.
[[nodiscard]] bool report(const std::vector<Target>& targets);

// Ends the program with this message unless the condition holds, because a number of something else
// would be misleading.
void must(bool holds, const std::string& what);

inline constexpr const char* stock_agent = "/usr/lib/ocf/resource.d/heartbeat/kamailio";

// Each section prints a part of the report, in Markdown, and returns false if a target was missed.

// Compares start, monitor, stop and meta-data with the stock agent and with the bare programs.
void compare_lives(int rounds);

// Monitors of one healthy server: the agent's own probes, the tools, the stock agent, and a bare
// program that exchanges the same messages.
[[nodiscard]] bool compare_health_checks(int rounds);

// The same monitor with a growing number of processes. The bare program beside it shows the share
// of the machine. Writes the numbers to `data`, for a plot.
[[nodiscard]] bool compare_scale(int rounds, const std::string& data);

// Fifty instances on one node, each monitored every second, and then each with a monitor that
// waits.
void measure_fleet(int seconds);

// A server that answers every probe, and the resources to monitor it with.
struct Server {
  cluster::Resource builtin;      // probe=builtin, rpc, no kamctl
  cluster::Resource with_sipsak;  // without kamctl
  cluster::Resource with_kamctl;  // with sipsak
  std::string rpc_socket;
};

// A started resource, stopped at the end of the scope.
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
