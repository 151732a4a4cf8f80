// Measures runs of the agent in the simulated machine: a start, ten monitors and a stop each.
//
// sim_bench [LIVES]    prints the runs per second, and whether the memory grew

#include "sim/setup/node.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <limits>
#include <string>

namespace {

// True if all twelve calls succeeded.
bool live(std::uint64_t seed) {
  sim::Node node(seed);
  node.machine().trace.turn_off();
  const cluster::Resource one{.name = "one",
                              .parameters = {{"listen_address", "192.168.159.128"},
                                             {"proto", "udptcp"},
                                             {"probe", "builtin"},
                                             {"kamctlrc", ""}}};
  bool is_well = node.run("start", one).code == 0;
  constexpr int monitors = 10;
  for (int turn = 0; turn < monitors; ++turn) {
    node.pass(std::chrono::seconds(10));
    is_well = node.run("monitor", one).code == 0 && is_well;
  }
  return node.run("stop", one).code == 0 && is_well;
}

// The peak resident memory, in KiB (getrusage(2)).
long peak_memory() {
  rusage usage = {};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

struct Round {
  long failed = 0;
  double per_second = 0;  // of CPU
};

Round play(long round, long lives) {
  Round played;
  const std::clock_t begin = std::clock();
  for (long life = 0; life < lives; ++life) {
    played.failed += live(static_cast<std::uint64_t>((round * lives) + life)) ? 0 : 1;
  }
  const double took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  played.per_second = static_cast<double>(lives) / took;
  return played;
}

}  // namespace

int main(int argc, char** argv) {
  constexpr long usual = 20'000;
  constexpr long rounds = 5;  // other programs can only make a run slower
  constexpr double wanted_per_second = 2000;
  constexpr double flat = 1.05;
  const long wanted = argc > 1 ? std::atol(argv[1]) : usual;
  const long lives = std::max(1L, wanted / rounds) * rounds;
  long memory_early = 0;
  long failed = 0;
  double best = 0;
  double worst = std::numeric_limits<double>::max();
  for (long round = 0; round < rounds; ++round) {
    const auto played = play(round, lives / rounds);
    failed += played.failed;
    best = std::max(best, played.per_second);
    worst = std::min(worst, played.per_second);
    memory_early = round == 0 ? peak_memory() : memory_early;
  }
  const double growth = static_cast<double>(peak_memory()) / static_cast<double>(memory_early);
  std::printf("\n### Lives in the simulator (start, ten monitors, stop)\n\n");
  std::printf(
      "| lives | failed | best of 5 rounds, per second of CPU | worst | memory after a fifth, MiB "
      "| "
      "at the end, MiB |\n");
  std::printf("| ----: | -----: | ----: | ----: | ----: | ----: |\n");
  constexpr double mebibyte = 1024;
  std::printf("| %ld | %ld | %.0f | %.0f | %.1f | %.1f |\n", lives, failed, best, worst,
              static_cast<double>(memory_early) / mebibyte,
              static_cast<double>(peak_memory()) / mebibyte);
  const bool is_met = failed == 0 && best >= wanted_per_second && growth <= flat;
  std::printf("\nWanted: at least %.0f a second, memory that does not grow: %s\n",
              wanted_per_second, is_met ? "met" : "MISSED");
  return is_met ? 0 : 3;
}
