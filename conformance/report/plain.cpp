#include "conformance/report/plain.h"

#include <algorithm>

namespace conformance {
namespace {

constexpr std::string_view replacement = "\uFFFD";

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// How many bytes the first character has by its first byte; 0 if none begins with that.
std::size_t announced_size(unsigned char byte) {
  if (byte < 0x80) {
    return 1;
  }
  if (byte >= 0xC2 && byte <= 0xDF) {
    return 2;
  }
  if (byte >= 0xE0 && byte <= 0xEF) {
    return 3;
  }
  return byte >= 0xF0 && byte <= 0xF4 ? 4 : 0;
}

// The second byte of a character has limits of its own, which keep out overlong forms, surrogates,
// and what is beyond U+10FFFF.
bool may_follow(unsigned char first, unsigned char second) {
  switch (first) {
    case 0xE0:
      return second >= 0xA0;
    case 0xED:
      return second <= 0x9F;
    case 0xF0:
      return second >= 0x90;
    case 0xF4:
      return second <= 0x8F;
    default:
      return true;
  }
}

// The bytes of the first character; 0 if it is no valid UTF-8.
std::size_t character_size(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = announced_size(first);
  if (size == 0 || text.size() < size ||
      !std::all_of(text.begin() + 1, text.begin() + static_cast<std::ptrdiff_t>(size), continues)) {
    return 0;
  }
  return size == 1 || may_follow(first, static_cast<unsigned char>(text[1])) ? size : 0;
}

// The pictures of control characters are U+2400 and those behind it, and U+2421 for DEL.
std::string picture(unsigned char control) {
  const auto last = static_cast<unsigned char>(control == 0x7F ? 0x21 : control);
  return {'\xE2', '\x90', static_cast<char>(0x80U | last)};
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character.front());
  return character.size() == 1 && first != '\n' && first != '\t' && (first < 0x20 || first == 0x7F);
}

// Valid UTF-8, and yet nothing to show: the controls U+0080 to U+009F, what turns the direction of
// the text around it (U+202A to U+202E, U+2066 to U+2069), and U+FFFE and U+FFFF.
bool is_unfit(std::string_view character) {
  const auto last = static_cast<unsigned char>(character.back());
  if (character.size() == 2) {
    return character.front() == '\xC2' && last < 0xA0;
  }
  const auto first_two = character.substr(0, 2);
  return character.size() == 3 && ((first_two == "\xE2\x80" && last >= 0xAA && last <= 0xAE) ||
                                   (first_two == "\xE2\x81" && last >= 0xA6 && last <= 0xA9) ||
                                   (first_two == "\xEF\xBF" && last >= 0xBE));
}

}  // namespace

std::string plain(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    const auto character = text.substr(0, std::max<std::size_t>(size, 1));
    if (size == 0 || is_unfit(character)) {
      made += replacement;
    } else if (is_control(character)) {
      made += picture(static_cast<unsigned char>(character.front()));
    } else {
      made += character;
    }
    text.remove_prefix(character.size());
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
