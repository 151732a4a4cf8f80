#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace posix {

// A number that is the whole text: no sign of a positive one, no blanks. Nothing if it does not
// fit.
template <typename Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text, int base = 10) {
  Number value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value, base);
  return error == std::errc{} && stopped == end ? std::optional(value) : std::nullopt;
}

}  // namespace posix
