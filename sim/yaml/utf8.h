#pragma once

#include "sim/yaml/tree.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace yaml {

// Text as bytes.

[[nodiscard]] std::string_view without_byte_order_mark(std::string_view text);

// The first byte that is not UTF-8 (RFC 3629), or a control character other than a tab and the ends
// of lines; nothing if there is none.
[[nodiscard]] std::optional<std::size_t> find_bad_byte(std::string_view text);

// "a byte that is not UTF-8 (0xff)"
[[nodiscard]] std::string name_of_byte(char bad);

// Up to so many bytes, and whole characters.
[[nodiscard]] std::string_view beginning_of(std::string_view text, std::size_t longest);

// Columns are bytes, as yaml-cpp counts them.
[[nodiscard]] Place place_at(std::string_view text, std::size_t position);

}  // namespace yaml
