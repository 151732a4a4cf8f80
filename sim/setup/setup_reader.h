#pragma once

#include "sim/setup/scenario.h"
#include "sim/yaml/table.h"

#include <map>
#include <string>

namespace sim {

// Readers of parts of scenario files. All throw yaml::Misread.

// NAME: {PARAMETER: VALUE, ...}
[[nodiscard]] Instances read_instances(const yaml::Tree& tree);

// {PARAMETER: VALUE, ...} with parameters of the agent.
[[nodiscard]] std::map<std::string, std::string> read_parameters(const yaml::Tree& tree);

// The name of an existing instance.
[[nodiscard]] std::string read_instance_name(const yaml::Tree& tree, const Instances& instances);

// "0644"
[[nodiscard]] unsigned read_mode(const yaml::Tree& tree);

// Reads the differences from a standard node. Looks up its keys in the table; the caller calls
// finish().
[[nodiscard]] Setup read_setup(yaml::Table& table, const Instances& instances);

}  // namespace sim
