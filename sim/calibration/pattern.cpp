#include "sim/calibration/pattern.h"

namespace calibration {
namespace {

// The pattern as pieces of literal text, with any text between them.
std::vector<std::string> pieces_of(std::string_view pattern) {
  std::vector<std::string> pieces(1);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '*') {
      pieces.emplace_back();
    } else {
      if (pattern[i] == '\\' && i + 1 < pattern.size()) {
        ++i;
      }
      pieces.back() += pattern[i];
    }
  }
  return pieces;
}

}  // namespace

bool matches(std::string_view pattern, std::string_view text) {
  const auto pieces = pieces_of(pattern);
  if (pieces.size() == 1) {
    return text == pieces.front();
  }
  if (!text.starts_with(pieces.front())) {
    return false;
  }
  text.remove_prefix(pieces.front().size());
  for (std::size_t i = 1; i + 1 < pieces.size(); ++i) {
    const auto found = text.find(pieces[i]);
    if (found == std::string_view::npos) {
      return false;
    }
    text.remove_prefix(found + pieces[i].size());
  }
  return text.ends_with(pieces.back());
}

std::string literally(std::string_view text) {
  std::string pattern;
  for (const char character : text) {
    if (character == '*' || character == '\\') {
      pattern += '\\';
    }
    pattern += character;
  }
  return pattern;
}

std::optional<std::size_t> first_without_line(const std::vector<std::string>& patterns,
                                              const std::vector<std::string>& lines) {
  std::size_t line = 0;
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    while (line < lines.size() && !matches(patterns[i], lines[line])) {
      ++line;
    }
    if (line == lines.size()) {
      return i;
    }
    ++line;
  }
  return std::nullopt;
}

}  // namespace calibration
