#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace base {

struct Character {
  char32_t code = 0;
  std::size_t size = 0;  // bytes

  friend bool operator==(const Character&, const Character&) = default;
};

// The first character of a text. Nothing if the text does not begin with a valid one: RFC 3629
// allows no overlong forms, no surrogates and nothing beyond U+10FFFF.
[[nodiscard]] std::optional<Character> first_character(std::string_view text);

}  // namespace base
