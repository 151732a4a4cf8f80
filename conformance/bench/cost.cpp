#include "conformance/bench/cost.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
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

// Pids are given out in sequence within this PID namespace.
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

}  // namespace bench
