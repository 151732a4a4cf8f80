#pragma once

#include "agent/host/contract/script.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

// A script as arguments of posix_test_child: for each step its act, text, number and the count of
// its own steps, which follow.

namespace posix::testing {

inline void append_arguments(const host::contract::Script& script,
                             std::vector<std::string>& arguments) {
  for (const auto& step : script) {
    arguments.push_back(std::to_string(static_cast<int>(step.act)));
    arguments.push_back(step.text);
    arguments.push_back(std::to_string(step.number));
    arguments.push_back(std::to_string(step.steps.size()));
    append_arguments(step.steps, arguments);
  }
}

// Reads the step at `position`, and advances it.
inline host::contract::Step take_step(std::span<const std::string> arguments,
                                      std::size_t& position) {
  host::contract::Step step = {
      .act = static_cast<host::contract::Act>(std::stoi(arguments[position])),
      .text = arguments[position + 1],
      .number = std::stoi(arguments[position + 2])};
  int count = std::stoi(arguments[position + 3]);
  for (position += 4; count > 0; --count) {
    step.steps.push_back(take_step(arguments, position));
  }
  return step;
}

inline host::contract::Script script_from(const std::vector<std::string>& arguments) {
  host::contract::Script script;
  for (std::size_t position = 0; position + 4 <= arguments.size();) {
    script.push_back(take_step(arguments, position));
  }
  return script;
}

}  // namespace posix::testing
