#pragma once

#include "conformance/cluster/cluster.h"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace bench {

// What an action costs on this node.
struct Cost {
  std::chrono::microseconds wall{0};
  std::chrono::microseconds cpu{0};  // of the processes that have ended, user and system
  int processes = 0;                 // started
};

// Runs the action and waits for the processes that it starts. Nothing else may start processes on
// this node meanwhile.
[[nodiscard]] Cost cost_of(const std::function<void()>& action);

// The median of each column: one number out of line says nothing about the agent. There is at least
// one.
[[nodiscard]] Cost median(std::vector<Cost> costs);

[[nodiscard]] double in_ms(std::chrono::microseconds time);

// A line of the report: what was wanted, what was measured, and whether it is met.
enum class Wanted { at_least, at_most };
struct Target {
  std::string what;
  double measured = 0;
  Wanted wanted = Wanted::at_most;
  double limit = 0;
};

// Prints them as a table. False if one is missed.
[[nodiscard]] bool report(const std::vector<Target>& targets);

// Ends the program with these words unless it holds: a number of something else helps nobody.
void must(bool holds, const std::string& what);

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
