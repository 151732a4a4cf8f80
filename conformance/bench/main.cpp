// Measures the cost of the agent, beside the stock agent and the unavoidable part. Run by ci/bench
// on a node of its own. usage: agent_bench ROUNDS [DATA]. Exit code 3: a target was missed.

#include "conformance/bench/bench.h"

#include <cstdlib>

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 5;
  bench::must(rounds > 0 && rounds <= 1000, "the number of rounds is 1 to 1000");
  bool all_met = bench::compare_health_checks(rounds);
  all_met = bench::compare_scale(rounds, argc > 2 ? argv[2] : "") && all_met;
  bench::measure_fleet(rounds);
  bench::compare_lives(rounds);
  return all_met ? 0 : 3;
}
