#pragma once

#include "sim/stages/stage.h"

#include <string>

namespace sim {

// A message of Kamailio's core, as far as it is the same each time; the text begins with its place:
// "[core/udp_server.c:602]: udp_init(): bind() on ..."
[[nodiscard]] inline std::string core_message(const Stage& me, const std::string& level,
                                              const std::string& text) {
  return " 0(" + std::to_string(me.pid()) + ") " + level + ": <core> " + text + "\n";
}

}  // namespace sim
