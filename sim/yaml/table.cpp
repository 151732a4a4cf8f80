#include "sim/yaml/table.h"

#include "sim/yaml/nearest.h"
#include "sim/yaml/utf8.h"

#include <algorithm>

namespace yaml {
namespace {

// "\"tcp\" is no list: deaf has to be a list, as [a, b]"
[[noreturn]] void reject_kind(const Tree& tree, std::string_view kind, std::string_view what,
                              const std::string& allowed) {
  std::string found;
  switch (tree.kind) {
    case Tree::Kind::nothing:
      throw Misread{tree.place, std::string(what) + " is empty: it has to be " + allowed};
    case Tree::Kind::word:
      found = "\"" + tree.word + "\"";
      break;
    case Tree::Kind::list:
      found = "a list";
      break;
    case Tree::Kind::table:
      found = "a table";
      break;
  }
  throw Misread{tree.place, found + " is no " + std::string(kind) + ": " + std::string(what) +
                                " has to be " + allowed};
}

}  // namespace

std::string alternatives(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  }
  return text;
}

const std::string& word_in(const Tree& tree, std::string_view what) {
  if (tree.kind != Tree::Kind::word) {
    reject_kind(tree, "word", what, "a single word or text");
  }
  return tree.word;
}

const std::vector<Tree>& list_in(const Tree& tree, std::string_view what) {
  if (tree.kind != Tree::Kind::list) {
    reject_kind(tree, "list", what, "a list, as [a, b]");
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
    reject_kind(tree, "table", what, "a table, " + std::string(form));
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
      const std::string_view line = std::string_view(tree.word).substr(0, tree.word.find('\n'));
      const std::string shown(beginning_of(line, longest));
      return shown.size() < tree.word.size() ? shown + "..." : shown;
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
  const std::string wanted(key);
  if (const auto* const found = find(key)) {
    return found->value;
  }
  for (const auto& entry : tree_.entries) {
    if (!has_asked_for(entry.key) && nearest(entry.key, {wanted})) {
      throw Misread{entry.place, "\"" + entry.key + "\" is nothing that " + what_ +
                                     " may have: did you mean \"" + wanted + "\"?"};
    }
  }
  throw Misread{tree_.place, what_ + " needs \"" + wanted + "\""};
}

void Table::finish() const {
  for (const auto& entry : tree_.entries) {
    if (!has_asked_for(entry.key)) {
      throw Misread{entry.place, "\"" + entry.key + "\" is nothing that " + what_ +
                                     " may have: it may have " + alternatives(asked_)};
    }
  }
}

bool Table::has_asked_for(const std::string& key) const {
  return std::ranges::find(asked_, key) != asked_.end();
}

}  // namespace yaml
