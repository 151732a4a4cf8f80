#pragma once

#include "sim/worlds/plot_player.h"

#include <string>

namespace sim {

enum class Colour { none, terminal };

// What happened, line by line: virtual time since the beginning, who, what.
[[nodiscard]] std::string timeline_text(const PlayedPlot& played, Colour colour);

// The same as one JSON object: {"steps": [...], "timeline": [{"at": SECONDS, "who", "what"}, ...]}.
[[nodiscard]] std::string timeline_json(const PlayedPlot& played);

}  // namespace sim
