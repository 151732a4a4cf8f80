#include "sim/yaml/table.h"

#include <algorithm>

namespace yaml {

std::string alternatives(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  }
  return text;
}

const std::string& word_in(const Tree& tree, std::string_view what) {
  if (tree.kind != Tree::Kind::word) {
    throw Misread{tree.place, std::string(what) + " has to be a single word or text"};
  }
  return tree.word;
}

const std::vector<Tree>& list_in(const Tree& tree, std::string_view what) {
  if (tree.kind != Tree::Kind::list) {
    throw Misread{tree.place, std::string(what) + " has to be a list"};
  }
  return tree.items;
}

std::vector<std::string> words_in(const Tree& tree, std::string_view what) {
  std::vector<std::string> words;
  for (const auto& item : list_in(tree, what)) {
    words.push_back(word_in(item, "an item of " + std::string(what)));
  }
  return words;
}

const std::vector<Entry>& entries_in(const Tree& tree, std::string_view what,
                                     std::string_view form) {
  if (tree.kind != Tree::Kind::table) {
    throw Misread{tree.place, std::string(what) + " has to be a table, " + std::string(form)};
  }
  return tree.entries;
}

std::string flow_text(const Tree& tree) {
  std::string text;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  switch (tree.kind) {
    case Tree::Kind::nothing:
      return "nothing";
    case Tree::Kind::word: {
      constexpr std::size_t longest = 60;
      const auto line = tree.word.substr(0, tree.word.find('\n')).substr(0, longest);
      return line.size() < tree.word.size() ? line + "..." : line;
    }
    case Tree::Kind::list:
      for (const auto& item : tree.items) {
        add(flow_text(item));
      }
      return "[" + text + "]";
    case Tree::Kind::table:
      for (const auto& [key, place, value] : tree.entries) {
        add(key + ": " + flow_text(value));
      }
      return "{" + text + "}";
  }
  return text;
}

void reject(const Tree& tree, std::string_view what, std::string_view allowed) {
  throw Misread{tree.place, "\"" + tree.word + "\" is no " + std::string(what) + ": it has to be " +
                                std::string(allowed)};
}

Table::Table(const Tree& tree, std::string_view what) : tree_(tree), what_(what) {
  (void)entries_in(tree, what, "KEY: VALUE");
}

const Entry* Table::find(std::string_view key) {
  asked_.emplace_back(key);
  const auto found = std::ranges::find(tree_.entries, key, &Entry::key);
  return found == tree_.entries.end() ? nullptr : &*found;
}

const Tree& Table::need(std::string_view key) {
  const auto* const found = find(key);
  if (found == nullptr) {
    throw Misread{tree_.place, what_ + " needs " + std::string(key)};
  }
  return found->value;
}

void Table::finish() const {
  for (const auto& entry : tree_.entries) {
    if (std::ranges::find(asked_, entry.key) == asked_.end()) {
      throw Misread{entry.place, "\"" + entry.key + "\" is nothing that " + what_ +
                                     " may have: it may have " + alternatives(asked_)};
    }
  }
}

}  // namespace yaml
