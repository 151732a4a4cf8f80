#include "sim/yaml/utf8.h"

#include "agent/base/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace yaml {
namespace {

std::uint8_t number_of(char byte) { return static_cast<std::uint8_t>(byte); }

bool is_control(char byte) {
  constexpr std::uint8_t blank = 0x20;
  constexpr std::uint8_t deletion = 0x7F;
  const bool is_usual = byte == '\t' || byte == '\n' || byte == '\r';
  return (number_of(byte) < blank && !is_usual) || number_of(byte) == deletion;
}

}  // namespace

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

std::optional<std::size_t> find_bad_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto character = base::first_character(text.substr(i));
    if (!character || is_control(text[i])) {
      return i;
    }
    i += character->size;
  }
  return std::nullopt;
}

std::string name_of_byte(char bad) {
  std::array<char, 8> number = {};
  (void)std::snprintf(number.data(), number.size(), "0x%02x", unsigned{number_of(bad)});
  return std::string(is_control(bad) ? "a control character" : "a byte that is not UTF-8") + " (" +
         number.data() + ")";
}

std::string_view beginning_of(std::string_view text, std::size_t longest) {
  std::size_t size = 0;
  while (size < text.size()) {
    const auto character = base::first_character(text.substr(size));
    const std::size_t next = character ? character->size : 1;
    if (size + next > longest) {
      break;
    }
    size += next;
  }
  return text.substr(0, size);
}

Place place_at(std::string_view text, std::size_t position) {
  const auto before = text.substr(0, position);
  const auto line_break = before.rfind('\n');
  const auto line_begin = line_break == std::string_view::npos ? 0 : line_break + 1;
  return {.line = static_cast<int>(std::ranges::count(before, '\n')) + 1,
          .column = static_cast<int>(position - line_begin) + 1};
}

}  // namespace yaml
