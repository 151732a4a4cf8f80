#pragma once

#include "sim/kernel/trace.h"
#include "sim/worlds/plot.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sim {

// How a step went.
struct PlayedStep {
  std::string text;
  std::optional<AgentResult> result;  // of a call of the agent
};

struct PlayedPlot {
  host::TimePoint begin;
  std::vector<PlayedStep> steps;
  std::vector<Trace::Line> trace;
};

// Plays it in a world of its own. Throws std::runtime_error if a step cannot be done, such as to
// remove what is not there.
[[nodiscard]] PlayedPlot play(const Plot& plot, std::uint64_t seed);

// "success", "not running", ...: OCF 1.1, section 3.2.
[[nodiscard]] std::string code_name(int code);

}  // namespace sim
