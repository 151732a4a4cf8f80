#pragma once

#include "sim/yaml/tree.h"

#include <tl/expected.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yaml {

// What `read` makes of the tree of the text, or why it cannot: bad YAML, or what it has thrown.
template <typename Read>
[[nodiscard]] auto read_as(const std::string& file, const std::string& text, const Read& read)
    -> tl::expected<decltype(read(std::declval<const Tree&>())), BadInput> {
  const auto tree = read_tree(file, text);
  if (!tree) {
    return tl::unexpected(tree.error());
  }
  try {
    return read(*tree);
  } catch (const Misread& misread) {
    return tl::unexpected(BadInput{.file = file, .place = misread.place, .text = misread.text});
  }
}

// "a, b or c"
[[nodiscard]] std::string alternatives(const std::vector<std::string>& words);

[[nodiscard]] const std::string& word_in(const Tree& tree, std::string_view what);
[[nodiscard]] const std::vector<Tree>& list_in(const Tree& tree, std::string_view what);
[[nodiscard]] std::vector<std::string> words_in(const Tree& tree, std::string_view what);

// `form` says what has to stand there, as "PATH: TEXT".
[[nodiscard]] const std::vector<Entry>& entries_in(const Tree& tree, std::string_view what,
                                                   std::string_view form);

// In one line, as it could stand in the file. Of a long word only its beginning.
[[nodiscard]] std::string flow_text(const Tree& tree);

// "WORD is no WHAT: WHAT is ALLOWED"
[[noreturn]] void reject(const Tree& tree, std::string_view what, std::string_view allowed);

// A table whose keys are asked for one by one. In the end finish() rejects those that nobody has
// asked for, and names those that are allowed.
class Table {
 public:
  Table(const Tree& tree, std::string_view what);

  [[nodiscard]] const Entry* find(std::string_view key);
  // If the key is missing and another one is nearly it, that one is said to be wrong.
  [[nodiscard]] const Tree& need(std::string_view key);
  void finish() const;

  [[nodiscard]] const Tree& tree() const { return tree_; }

 private:
  [[nodiscard]] bool has_asked_for(const std::string& key) const;

  const Tree& tree_;
  std::string what_;
  std::vector<std::string> asked_;
};

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

// Which of the words was meant by one with a slip of the keyboard; nothing if none is near.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 const std::vector<std::string>& words);

}  // namespace yaml
