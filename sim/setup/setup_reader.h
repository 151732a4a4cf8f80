#pragma once

#include "sim/setup/scenario.h"
#include "sim/yaml/table.h"

#include <map>
#include <string>

namespace sim {

// Parts of the files that describe a scenario. All throw yaml::Misread.

// NAME: {PARAMETER: VALUE, ...}
[[nodiscard]] Instances read_instances(const yaml::Tree& tree);

// {PARAMETER: VALUE, ...}, each of them one that the agent has.
[[nodiscard]] std::map<std::string, std::string> read_parameters(const yaml::Tree& tree);

// An instance that there is.
[[nodiscard]] std::string read_instance_name(const yaml::Tree& tree, const Instances& instances);

// "0644"
[[nodiscard]] unsigned read_mode(const yaml::Tree& tree);

// What is different from a usual node. Asks the table for its keys, and leaves it to the caller to
// finish it.
[[nodiscard]] Setup read_setup(yaml::Table& table, const Instances& instances);

}  // namespace sim
