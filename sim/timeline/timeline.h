#pragma once

#include "sim/setup/player.h"

#include <cstdint>
#include <string>

namespace sim {

enum class Colour { none, terminal };

// The timeline, line by line: virtual time since the beginning, process, event.
[[nodiscard]] std::string timeline_text(const PlayedScenario& played, Colour colour);

// The parameters that repeat a run.
struct Title {
  std::string scenario;
  std::uint64_t seed = 0;
  std::string claim;
};

// The same as one JSON object: {"scenario", "seed", "claim", "steps": [...], "timeline": [{"at":
// SECONDS, "who", "what"}, ...]}.
[[nodiscard]] std::string timeline_json(const Title& title, const PlayedScenario& played);

}  // namespace sim
