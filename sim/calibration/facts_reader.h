#pragma once

#include "sim/calibration/situation.h"
#include "sim/yaml/table.h"

#include <optional>
#include <string>
#include <vector>

namespace calibration {

// Parts of a situation and of an observation; they throw yaml::Misread.

// exit, signal, hangs or answer; nothing if none of them is there.
[[nodiscard]] Ending read_ending(yaml::Table& table);
[[nodiscard]] std::optional<std::vector<std::string>> read_lines(yaml::Table& table,
                                                                 const char* key);
[[nodiscard]] TimeRange read_range(const yaml::Tree& tree);
[[nodiscard]] Leaves read_leaves(yaml::Table& table);

}  // namespace calibration
