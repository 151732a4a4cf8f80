#pragma once

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

}  // namespace bench
