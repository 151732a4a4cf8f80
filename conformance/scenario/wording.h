#pragma once

#include <string>

namespace conformance {

// How findings tell of what was seen.

inline std::string quoted(const std::string& text) { return "\"" + text + "\""; }

template <typename Items, typename Text>
std::string joined(const Items& items, const Text& text_of, const std::string& none) {
  std::string text;
  for (const auto& item : items) {
    text += (text.empty() ? "" : ", ") + text_of(item);
  }
  return text.empty() ? none : text;
}

}  // namespace conformance
