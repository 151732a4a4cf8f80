#pragma once

#include "sim/stages/stage.h"

#include <string>

namespace sim {

// What kamctl takes from its kamctlrc and ~/.kamctlrc.
struct KamctlSettings {
  std::string fifo;
  std::string database_engine;
  std::string problem = {};  // at which the shell gives up; empty: none
};

[[nodiscard]] KamctlSettings read_kamctl_settings(Stage& me);

}  // namespace sim
