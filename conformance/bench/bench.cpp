#include "conformance/bench/bench.h"

#include "conformance/cluster/cluster.h"
#include "conformance/live/node.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>

namespace bench {
namespace {

using std::chrono::duration_cast;
using std::chrono::microseconds;

microseconds cpu_of_children() {
  rusage usage = {};
  ::getrusage(RUSAGE_CHILDREN, &usage);
  return std::chrono::seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

// PIDs are assigned in sequence within this PID namespace.
int next_pid() {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::_exit(0);
  }
  ::waitpid(pid, nullptr, 0);
  return pid;
}

template <typename Column>
Column median_of(std::vector<Cost>& costs, Column Cost::*column) {
  const auto middle = costs.begin() + static_cast<std::ptrdiff_t>(costs.size() / 2);
  std::ranges::nth_element(costs, middle, {}, column);
  return (*middle).*column;
}

}  // namespace

Cost cost_of(const std::function<void()>& action) {
  const int first_pid = next_pid();
  const auto cpu = cpu_of_children();
  const auto begin = std::chrono::steady_clock::now();
  action();
  const auto end = std::chrono::steady_clock::now();
  const auto cpu_after = cpu_of_children();
  return {.wall = duration_cast<microseconds>(end - begin),
          .cpu = cpu_after - cpu,
          .processes = next_pid() - first_pid - 1};
}

Cost median(std::vector<Cost> costs) {
  return {.wall = median_of(costs, &Cost::wall),
          .cpu = median_of(costs, &Cost::cpu),
          .processes = median_of(costs, &Cost::processes)};
}

double in_ms(microseconds time) { return static_cast<double>(time.count()) / 1000; }

bool report(const std::vector<Target>& targets) {
  bool all_met = true;
  std::printf("\n| target | wanted | measured | |\n| --- | ---: | ---: | --- |\n");
  for (const auto& [what, measured, wanted, limit] : targets) {
    const bool is_met = wanted == Wanted::at_least ? measured >= limit : measured <= limit;
    all_met = all_met && is_met;
    std::printf("| %s | %s %g | %.2f | %s |\n", what.c_str(),
                wanted == Wanted::at_least ? "at least" : "at most", limit, measured,
                is_met ? "met" : "MISSED");
  }
  return all_met;
}

void must(bool holds, const std::string& what) {
  if (!holds) {
    std::fprintf(stderr, "bench: %s\n", what.c_str());
    std::exit(1);
  }
}

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

// The stock agent does not recognise a server that another agent has started.
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
