#pragma once

#include "sim/yaml/tree.h"

#include <tl/expected.hpp>

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

}  // namespace yaml
