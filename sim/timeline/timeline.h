#pragma once

#include "sim/worlds/plot_player.h"

#include <cstdint>
#include <string>

namespace sim {

enum class Colour { none, terminal };

// What happened, line by line: virtual time since the beginning, who, what.
[[nodiscard]] std::string timeline_text(const PlayedPlot& played, Colour colour);

// What it takes to play it again.
struct Title {
  std::string world;
  std::uint64_t seed = 0;
  std::string about;
};

// The same as one JSON object: {"world", "seed", "about", "steps": [...], "timeline": [{"at":
// SECONDS, "who", "what"}, ...]}.
[[nodiscard]] std::string timeline_json(const Title& title, const PlayedPlot& played);

}  // namespace sim
