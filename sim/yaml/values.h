#pragma once

#include "sim/yaml/table.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yaml {

// Values of many kinds of files. All throw Misread.

// Words that may stand somewhere, and what they mean.
template <typename Value>
using Words = std::vector<std::pair<std::string, Value>>;

// "a, b or c"
template <typename Value>
[[nodiscard]] std::string alternatives(const Words<Value>& words) {
  std::vector<std::string> names;
  for (const auto& [name, value] : words) {
    names.push_back(name);
  }
  return alternatives(names);
}

template <typename Value>
[[nodiscard]] Value read_one_of(const Tree& tree, std::string_view what,
                                const Words<Value>& words) {
  const auto& word = word_in(tree, what);
  for (const auto& [name, value] : words) {
    if (name == word) {
      return value;
    }
  }
  reject(tree, what, alternatives(words));
}

// The text behind the key; empty if the key is not there.
[[nodiscard]] std::string read_text(Table& table, std::string_view key);

[[nodiscard]] int read_number(const Tree& tree, std::string_view what, int least, int most);
[[nodiscard]] bool read_yes_or_no(const Tree& tree, std::string_view what);

}  // namespace yaml
