#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace conformance {

// What an agent or a server said, made fit for any report: valid UTF-8 without the control
// characters that XML 1.0 cannot hold and a terminal would obey. Each is shown by its picture
// (U+241B for ESC), a byte that is no UTF-8 by U+FFFD. Line feeds and tabs stay.
[[nodiscard]] std::string plain(std::string_view text);

// The same in one line: each run of white space is a space.
[[nodiscard]] std::string plain_line(std::string_view text);

// At most so many characters of plain text. What is cut off is counted in its place.
[[nodiscard]] std::string cut(std::string text, std::size_t characters);

// How many characters plain text has; close to the columns that it takes.
[[nodiscard]] std::size_t length(std::string_view text);

// Plain text up to this character.
[[nodiscard]] std::string_view head(std::string_view text, std::size_t characters);

}  // namespace conformance
