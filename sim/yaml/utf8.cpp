#include "sim/yaml/utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

namespace yaml {
namespace {

// RFC 3629, section 4: how many bytes begin so, and which second byte may follow.
struct Lead {
  std::uint8_t first = 0;
  std::uint8_t last = 0;
  std::size_t size = 0;
  std::uint8_t least = 0x80;
  std::uint8_t most = 0xBF;
};

constexpr std::array<Lead, 9> leads = {{
    {.first = 0x00, .last = 0x7F, .size = 1},
    {.first = 0xC2, .last = 0xDF, .size = 2},
    {.first = 0xE0, .last = 0xE0, .size = 3, .least = 0xA0},
    {.first = 0xE1, .last = 0xEC, .size = 3},
    {.first = 0xED, .last = 0xED, .size = 3, .most = 0x9F},
    {.first = 0xEE, .last = 0xEF, .size = 3},
    {.first = 0xF0, .last = 0xF0, .size = 4, .least = 0x90},
    {.first = 0xF1, .last = 0xF3, .size = 4},
    {.first = 0xF4, .last = 0xF4, .size = 4, .most = 0x8F},
}};

std::uint8_t number_of(char byte) { return static_cast<std::uint8_t>(byte); }

bool is_control(char byte) {
  constexpr std::uint8_t blank = 0x20;
  constexpr std::uint8_t deletion = 0x7F;
  const bool is_usual = byte == '\t' || byte == '\n' || byte == '\r';
  return (number_of(byte) < blank && !is_usual) || number_of(byte) == deletion;
}

// The bytes of the character with which the text begins; 0 if it begins with none.
std::size_t size_of_character(std::string_view text) {
  const auto first = number_of(text.front());
  const auto* const lead = std::ranges::find_if(
      leads, [&](const Lead& one) { return one.first <= first && first <= one.last; });
  if (lead == leads.end() || text.size() < lead->size) {
    return 0;
  }
  for (std::size_t i = 1; i < lead->size; ++i) {
    const auto next = number_of(text[i]);
    const auto usual = Lead{};
    if (next < (i == 1 ? lead->least : usual.least) || next > (i == 1 ? lead->most : usual.most)) {
      return 0;
    }
  }
  return lead->size;
}

}  // namespace

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

std::optional<std::size_t> find_bad_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto size = size_of_character(text.substr(i));
    if (size == 0 || is_control(text[i])) {
      return i;
    }
    i += size;
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
    const auto next = std::max<std::size_t>(1, size_of_character(text.substr(size)));
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
