#pragma once

#include <string>

namespace conformance {

// The wording of findings.

inline std::string quoted(const std::string& text) { return "\"" + text + "\""; }

template <typename Items, typename Text>
std::string joined(const Items& items, const Text& text_of, const std::string& none) {
  std::string text;
  for (const auto& item : items) {
    text += (text.empty() ? "" : ", ") + text_of(item);
  }
  return text.empty() ? none : text;
}

// The reason why a step that signals processes of an instance cannot run.
inline std::string no_target(const std::string& instance) {
  return "no process of " + instance + " received the signal";
}

}  // namespace conformance
