#pragma once

#include "sim/setup/player.h"

#include <cstdint>
#include <string>

namespace sim {

enum class Colour { none, terminal };

// What happened, line by line: virtual time since the beginning, who, what.
[[nodiscard]] std::string timeline_text(const PlayedScenario& played, Colour colour);

// What it takes to play it again.
struct Title {
  std::string scenario;
  std::uint64_t seed = 0;
  std::string claim;
};

// The same as one JSON object: {"scenario", "seed", "claim", "steps": [...], "timeline": [{"at":
// SECONDS, "who", "what"}, ...]}.
[[nodiscard]] std::string timeline_json(const Title& title, const PlayedScenario& played);

}  // namespace sim
