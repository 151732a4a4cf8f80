#pragma once

#include "sim/setup/scenario.h"
#include "sim/setup/setup_reader.h"
#include "sim/yaml/table.h"

namespace sim {

// Reads one step of a scenario. Looks up its keys in the table; the caller calls finish(). Throws
// yaml::Misread.
[[nodiscard]] Step read_step(yaml::Table& table, const Instances& instances);

// Signals by their names, as TERM.
[[nodiscard]] const yaml::Words<int>& signal_words();

}  // namespace sim
