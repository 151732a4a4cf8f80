#pragma once

#include "sim/setup/scenario.h"
#include "sim/setup/setup_reader.h"
#include "sim/yaml/table.h"

namespace sim {

// One step of what happens in a scenario. Asks the table for its keys, and leaves it to the caller
// to finish it. Throws yaml::Misread.
[[nodiscard]] Step read_step(yaml::Table& table, const Instances& instances);

// Signals by their names, as TERM.
[[nodiscard]] const yaml::Words<int>& signal_words();

}  // namespace sim
