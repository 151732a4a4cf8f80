#pragma once

#include <span>
#include <string_view>

namespace sim {

// The files of fixtures/examples/, compiled into the program.
struct BuiltinExample {
  std::string_view name;  // of the file, without .yaml
  std::string_view text;
};

// Sorted by name.
[[nodiscard]] std::span<const BuiltinExample> builtin_examples();
// nullptr if there is none of that name.
[[nodiscard]] const BuiltinExample* find_builtin_example(std::string_view name);

}  // namespace sim
