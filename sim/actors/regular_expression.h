#pragma once

#include <string>

namespace sim {

// POSIX extended regular expressions, as programs of the field use them.

// The text with `value` instead of what matches first, or of all that matches; the text itself if
// the pattern is none.
[[nodiscard]] std::string replaced(const std::string& text, const std::string& pattern,
                                   const std::string& value, bool everywhere);

}  // namespace sim
