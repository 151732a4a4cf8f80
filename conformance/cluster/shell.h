#pragma once

#include <string>

namespace cluster {

// A word as a shell takes it: "it's" -> 'it'\\''s'. What needs no quotes gets none.
[[nodiscard]] std::string quoted_for_shell(const std::string& word);

}  // namespace cluster
