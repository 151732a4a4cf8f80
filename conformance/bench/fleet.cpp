#include "conformance/bench/bench.h"
#include "conformance/cluster/cluster.h"
#include "conformance/live/node.h"

#include <chrono>
#include <cstdio>
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

void run(const cluster::Resource& resource, const char* action) {
  const auto result = live::agent().run(resource, {.action = action});
  must(result.code == 0, resource.name + " " + action + ": " + result.err);
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
  for (const auto& instance : fleet) {
    run(instance, "stop");
  }
  std::printf("\n### %d instances on one node, each monitored every second\n\n", instances);
  std::printf(
      "%d full checks (builtin and rpc) in %.1f s took %.0f ms of CPU: %.1f %% of one core "
      "for all instances\ntogether, %.2f ms for each check.\n",
      instances * seconds, in_ms(cost.wall) / 1000, in_ms(cost.cpu),
      in_ms(cost.cpu) / in_ms(cost.wall) * 100, in_ms(cost.cpu) / (instances * seconds));
}

}  // namespace bench
