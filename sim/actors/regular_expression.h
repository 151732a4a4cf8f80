#pragma once

#include <optional>
#include <string>

namespace sim {

// POSIX extended regular expressions, as programs of the field use them.

// Whether something in the text matches, in upper or lower case. Nothing: the pattern is none.
[[nodiscard]] std::optional<bool> matches(const std::string& text, const std::string& pattern);

// The text with `value` instead of what matches first, or of all that matches.
[[nodiscard]] std::string replaced(const std::string& text, const std::string& pattern,
                                   const std::string& value, bool everywhere);

}  // namespace sim
