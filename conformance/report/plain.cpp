#include "conformance/report/plain.h"

#include "agent/base/utf8.h"

#include <algorithm>

namespace conformance {
namespace {

constexpr std::string_view replacement = "\uFFFD";

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// The pictures of control characters are U+2400 and those behind it, and U+2421 for DEL.
std::string picture(unsigned char control) {
  const auto last = static_cast<unsigned char>(control == 0x7F ? 0x21 : control);
  return {'\xE2', '\x90', static_cast<char>(0x80U | last)};
}

bool is_control(char32_t code) {
  return (code < 0x20 && code != U'\n' && code != U'\t') || code == 0x7F;
}

// Valid UTF-8, and yet nothing to show: the controls U+0080 to U+009F, what turns the direction of
// the text around it, and U+FFFE and U+FFFF.
bool is_unfit(char32_t code) {
  return (code >= 0x80 && code < 0xA0) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xFFFE || code == 0xFFFF;
}

}  // namespace

std::string plain(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  while (!text.empty()) {
    const auto character = base::first_character(text);
    const std::size_t size = character ? character->size : 1;
    if (!character || is_unfit(character->code)) {
      made += replacement;
    } else if (is_control(character->code)) {
      made += picture(static_cast<unsigned char>(text.front()));
    } else {
      made += text.substr(0, size);
    }
    text.remove_prefix(size);
  }
  return made;
}

std::string plain_line(std::string_view text) {
  std::string line;
  for (const char byte : plain(text)) {
    const bool is_space = byte == '\n' || byte == '\t' || byte == ' ';
    if (!is_space) {
      line += byte;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (line.ends_with(' ')) {
    line.pop_back();
  }
  return line;
}

std::size_t length(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues));
}

std::string_view head(std::string_view text, std::size_t characters) {
  std::size_t bytes = 0;
  for (; bytes < text.size(); ++bytes) {
    if (!continues(text[bytes]) && characters-- == 0) {
      break;
    }
  }
  return text.substr(0, bytes);
}

std::string cut(std::string text, std::size_t characters) {
  const std::size_t all = length(text);
  if (all <= characters) {
    return text;
  }
  return std::string(head(text, characters)) + "... and " + std::to_string(all - characters) +
         " more characters";
}

}  // namespace conformance
