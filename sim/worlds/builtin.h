#pragma once

#include <span>
#include <string_view>

namespace sim {

// The files of fixtures/worlds/, which this program carries with it.
struct BuiltinWorld {
  std::string_view name;  // of the file, without .yaml
  std::string_view text;
};

// In order of their names.
[[nodiscard]] std::span<const BuiltinWorld> builtin_worlds();
// nullptr if there is none of that name.
[[nodiscard]] const BuiltinWorld* find_builtin_world(std::string_view name);

}  // namespace sim
