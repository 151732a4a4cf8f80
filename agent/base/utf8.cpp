#include "agent/base/utf8.h"

#include <algorithm>
#include <array>

namespace base {
namespace {

// The first byte of a character of `size` bytes, and the lowest code that needs so many.
struct Form {
  unsigned mask = 0;
  unsigned begin = 0;
  std::size_t size = 0;
  char32_t lowest = 0;
};

constexpr std::array<Form, 4> forms = {
    {{.mask = 0x80, .begin = 0x00, .size = 1, .lowest = 0},
     {.mask = 0xE0, .begin = 0xC0, .size = 2, .lowest = 0x80},
     {.mask = 0xF0, .begin = 0xE0, .size = 3, .lowest = 0x800},
     {.mask = 0xF8, .begin = 0xF0, .size = 4, .lowest = 0x10000}}};

}  // namespace

std::optional<Character> first_character(std::string_view text) {
  constexpr char32_t highest = 0x10FFFF;
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const auto* const form = std::ranges::find_if(forms, [&](const Form& each) {
    return !text.empty() && (byte(0) & each.mask) == each.begin;
  });
  if (form == forms.end() || text.size() < form->size) {
    return std::nullopt;
  }
  char32_t code = byte(0) & ~form->mask;
  for (std::size_t index = 1; index < form->size; ++index) {
    if ((byte(index) & 0xC0U) != 0x80U) {
      return std::nullopt;
    }
    code = code << 6U | (byte(index) & 0x3FU);
  }
  const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < form->lowest || code > highest || is_surrogate) {
    return std::nullopt;
  }
  return Character{.code = code, .size = form->size};
}

}  // namespace base
