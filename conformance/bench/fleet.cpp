#include "conformance/bench/bench.h"
#include "conformance/cluster/cluster.h"
#include "conformance/live/node.h"
#include "conformance/node/processes.h"

#include <chrono>
#include <cstdio>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace bench {
namespace {

constexpr int instances = 50;

cluster::Resource make_instance(int number) {
  const std::string name = "kam" + std::to_string(number);
  const std::string socket = "/run/kamailio/" + name + ".sock";
  return live::make_resource(name, 5100 + number, {.dgram_socket = socket})
      .with("probe", "builtin")
      .with("rpc", "unixd:" + socket)
      .with("extra_options", "-m 8 -n 1");
}

void run(const cluster::Resource& resource, const char* action,
         std::chrono::milliseconds interval = std::chrono::seconds(10)) {
  const auto result = live::agent().run(
      resource, {.action = action, .timeout = std::chrono::minutes(2), .interval = interval});
  must(result.code == 0, resource.name + " " + action + ": " + result.err);
}

// The memory of all agents that run now: each page shared by n processes counts as 1/n.
long memory_of_agents_kb() {
  long sum = 0;
  for (const int pid : node::all_pids()) {
    if (node::name_of(pid) != "ocf-kamailio") {
      continue;
    }
    std::istringstream lines(live::read_file("/proc/" + std::to_string(pid) + "/smaps_rollup"));
    for (std::string key; lines >> key;) {
      if (long size = 0; key == "Pss:" && lines >> size) {
        sum += size;
      }
    }
  }
  return sum;
}

// Each monitor waits for `seconds` and checks its instance every second. Returns the memory of all.
long wait_for_all(const std::vector<cluster::Resource>& fleet, int seconds) {
  constexpr std::chrono::milliseconds interval(200);
  std::vector<std::jthread> monitors;
  for (const auto& instance : fleet) {
    const auto watched =
        instance.with("watch", std::to_string(seconds)).with("probe_timeout", "2s");
    monitors.emplace_back([watched, interval] {
      run(watched, "monitor", interval);
      std::this_thread::sleep_for(interval);
      run(watched, "monitor", interval);
    });
  }
  std::this_thread::sleep_for(std::chrono::seconds(seconds) / 2 + interval);
  return memory_of_agents_kb();
}

}  // namespace

void measure_fleet(int seconds) {
  std::vector<cluster::Resource> fleet;
  for (int number = 0; number < instances; ++number) {
    fleet.push_back(make_instance(number));
    run(fleet.back(), "start");
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto cost = cost_of([&] {
    for (int second = 0; second < seconds; ++second) {
      for (int number = 0; number < instances; ++number) {
        // The monitors are spread over the second, as the cluster's timers are.
        std::this_thread::sleep_until(begin + std::chrono::seconds(second) +
                                      std::chrono::seconds(1) * number / instances);
        run(fleet[static_cast<std::size_t>(number)], "monitor");
      }
    }
  });
  long memory_kb = 0;
  const auto cost_of_waiting = cost_of([&] { memory_kb = wait_for_all(fleet, seconds); });
  for (const auto& instance : fleet) {
    run(instance, "stop");
  }
  std::printf("\n### %d instances on one node, each monitored every second\n\n", instances);
  std::printf(
      "%d full checks (builtin and rpc) in %.1f s took %.0f ms of CPU: %.1f %% of one core "
      "for all instances\ntogether, %.2f ms for each check.\n",
      instances * seconds, in_ms(cost.wall) / 1000, in_ms(cost.cpu),
      in_ms(cost.cpu) / in_ms(cost.wall) * 100, in_ms(cost.cpu) / (instances * seconds));
  std::printf(
      "\nWith watch, so that a monitor of each waits and checks every second: %.0f ms of CPU in "
      "%.1f s, the start\nof %d monitors included: %.1f %% of one core. All that wait use %.1f MB "
      "of memory together.\n",
      in_ms(cost_of_waiting.cpu), in_ms(cost_of_waiting.wall) / 1000, 2 * instances,
      in_ms(cost_of_waiting.cpu) / in_ms(cost_of_waiting.wall) * 100,
      static_cast<double>(memory_kb) / 1024);
}

}  // namespace bench
