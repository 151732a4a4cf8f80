#pragma once

#include "sim/yaml/tree.h"

#include <tl/expected.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace yaml {

// Returns the result of `read` for the tree of the text, or the error: bad YAML, or the Misread
// that `read` has thrown.
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

// These throw Misread if the value is of another kind. `what` is the noun that messages use for the
// value, without an article.
[[nodiscard]] const std::string& word_in(const Tree& tree, std::string_view what);
[[nodiscard]] const std::vector<Tree>& list_in(const Tree& tree, std::string_view what);
[[nodiscard]] std::vector<std::string> words_in(const Tree& tree, std::string_view what);

// `form` describes an entry for the message, as "PATH: TEXT".
[[nodiscard]] const std::vector<Entry>& entries_in(const Tree& tree, std::string_view what,
                                                   std::string_view form);

// The value in one line of YAML. A long word is shortened.
[[nodiscard]] std::string flow_text(const Tree& tree);

// Throws a Misread: invalid WHAT "WORD": expected ALLOWED.
[[noreturn]] void reject(const Tree& tree, std::string_view what, std::string_view allowed);

// A table whose reader looks up each key that it knows. finish() then rejects all other keys, and
// its message lists the known ones. `what` is a noun for messages, without an article.
class Table {
 public:
  Table(const Tree& tree, std::string_view what);

  [[nodiscard]] const Entry* find(std::string_view key);
  // If the key is missing and the table has one that is similar, the message suggests the key.
  [[nodiscard]] const Tree& need(std::string_view key);
  void finish() const;

  [[nodiscard]] const Tree& tree() const { return tree_; }

 private:
  [[nodiscard]] bool has_asked_for(const std::string& key) const;
  [[nodiscard]] Misread unknown_key(const Entry& entry, const std::string& advice) const;

  const Tree& tree_;
  std::string what_;
  std::vector<std::string> asked_;
};

// Readers of values that several kinds of files have. All throw Misread.

// The words that are allowed for a value, each with its meaning.
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

// The value of the key; empty if the table does not have it.
[[nodiscard]] std::string read_text(Table& table, std::string_view key);

[[nodiscard]] int read_number(const Tree& tree, std::string_view what, int least, int most);
[[nodiscard]] bool read_yes_or_no(const Tree& tree, std::string_view what);

// The one of the words that differs from `word` by a typing error only; nothing if none is close.
[[nodiscard]] std::optional<std::string> nearest(std::string_view word,
                                                 const std::vector<std::string>& words);

}  // namespace yaml
