#pragma once

#include "sim/worlds/plan_reader.h"
#include "sim/worlds/plot.h"
#include "sim/yaml/table.h"

namespace sim {

// One step of what happens in a world. Asks the table for its keys, and leaves it to the caller to
// finish it. Throws yaml::Misread.
[[nodiscard]] Step read_step(yaml::Table& table, const Instances& instances);

// Signals by their names, as TERM.
[[nodiscard]] const yaml::Words<int>& signal_words();

}  // namespace sim
