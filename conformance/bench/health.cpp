#include "conformance/bench/bench.h"
#include "conformance/cluster/cluster.h"
#include "conformance/live/node.h"

#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

namespace bench {
namespace {

struct Contender {
  std::string name;
  std::function<void()> check;
  int turns = 1;  // in each round
  std::vector<Cost> costs = {};
};

double ratio(const Cost& one, const Cost& other) { return in_ms(one.wall) / in_ms(other.wall); }

}  // namespace

bool compare_health_checks(int rounds) {
  constexpr int many = 20;  // of the quick ones
  const RunningServer running;
  const auto& server = running.server();
  const cluster::Cluster stock(stock_agent);
  std::vector<Contender> contenders = {
      {"a bare program, the same messages", bare_probe_of(server), many},
      {"ocf:sip, builtin and rpc", monitor_of(live::agent(), server.builtin), many},
      {"the same, check level 20", monitor_of(live::agent(), server.builtin, 20), many},
      {"ocf:sip, builtin alone", monitor_of(live::agent(), server.builtin.without("rpc")), many},
      {"ocf:sip, sipsak", monitor_of(live::agent(), server.with_sipsak)},
      {"stock agent, sipsak", monitor_of(stock, server.with_sipsak)},
      {"ocf:sip, sipsak and kamctl", monitor_of(live::agent(), server.with_kamctl)},
      {"stock agent, sipsak and kamctl", monitor_of(stock, server.with_kamctl)},
  };
  for (int round = 0; round < rounds; ++round) {
    for (auto& contender : contenders) {
      for (int turn = 0; turn < contender.turns; ++turn) {
        contender.costs.push_back(cost_of(contender.check));
      }
    }
  }
  const auto cost = [&](std::size_t which) { return median(contenders[which].costs); };
  std::printf("\n### A health check of one healthy server, proto=udptcp\n\n");
  std::printf("Medians of %d rounds, in turn.\n\n", rounds);
  std::printf("| %-33s | %8s | %8s | %9s | %10s | %12s |\n", "monitor", "wall ms", "CPU ms",
              "processes", "bare = 1", "stock/this");
  std::printf("| %s | -------: | -------: | --------: | ---------: | -----------: |\n",
              std::string(33, '-').c_str());
  for (std::size_t i = 0; i < contenders.size(); ++i) {
    const auto one = cost(i);
    // Monitors that query what kamctl queries are compared with the stock agent with kamctl.
    const bool asks_less = i == 3 || i == 4 || i == 5;
    std::printf("| %-33s | %8.2f | %8.2f | %9d | %10.2f | %12.1f |\n", contenders[i].name.c_str(),
                in_ms(one.wall), in_ms(one.cpu), one.processes, ratio(one, cost(0)),
                ratio(cost(asks_less ? 5 : 7), one));
  }
  const auto full = cost(1);
  return report({
      {"full check, wall ms", in_ms(full.wall), Wanted::at_most, 1.5},
      {"full check, CPU ms", in_ms(full.cpu), Wanted::at_most, 1},
      {"full check, processes (itself)", static_cast<double>(full.processes), Wanted::at_most, 1},
      {"full check / bare program", ratio(full, cost(0)), Wanted::at_most, 2},
      {"stock agent with kamctl / full check", ratio(cost(7), full), Wanted::at_least, 60},
      {"stock agent without kamctl / full check", ratio(cost(5), full), Wanted::at_least, 30},
  });
}

}  // namespace bench
