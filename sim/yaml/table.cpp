#include "sim/yaml/table.h"

#include "agent/base/number.h"
#include "agent/base/utf8.h"

#include <algorithm>
#include <cstddef>

namespace yaml {
namespace {

// The number of letters to change, add, omit or swap with their neighbour.
std::size_t distance(std::string_view one, std::string_view other) {
  std::vector<std::vector<std::size_t>> table(one.size() + 1,
                                              std::vector<std::size_t>(other.size() + 1));
  for (std::size_t i = 0; i <= one.size(); ++i) {
    for (std::size_t j = 0; j <= other.size(); ++j) {
      if (i == 0 || j == 0) {
        table[i][j] = i + j;
        continue;
      }
      const std::size_t change = one[i - 1] == other[j - 1] ? 0 : 1;
      table[i][j] =
          std::min({table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1]) {
        table[i][j] = std::min(table[i][j], table[i - 2][j - 2] + 1);
      }
    }
  }
  return table[one.size()][other.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& words) {
  constexpr std::size_t letters_per_slip = 3;
  std::size_t least = std::max<std::size_t>(1, word.size() / letters_per_slip) + 1;
  std::optional<std::string> found;
  for (const auto& one : words) {
    const auto slips = distance(word, one);
    if (slips < least && slips < word.size()) {
      least = slips;
      found = one;
    }
  }
  return found;
}

namespace {

// At most `longest` bytes, and only whole characters.
std::string_view beginning_of(std::string_view text, std::size_t longest) {
  std::size_t size = 0;
  while (size < text.size()) {
    const auto character = base::first_character(text.substr(size));
    const std::size_t next = character ? character->size : 1;
    if (size + next > longest) {
      break;
    }
    size += next;
  }
  return text.substr(0, size);
}

// Reports a value of the wrong kind: "invalid deaf \"tcp\": expected a list, as [a, b]".
[[noreturn]] void reject_kind(const Tree& tree, std::string_view what, const std::string& allowed) {
  const std::string subject(what);
  const std::string expected = ": expected " + allowed;
  switch (tree.kind) {
    case Tree::Kind::nothing:
      throw Misread{tree.place, "empty " + subject + expected};
    case Tree::Kind::word:
      throw Misread{tree.place, "invalid " + subject + " \"" + tree.word + "\"" + expected};
    case Tree::Kind::list:
      throw Misread{tree.place, "invalid " + subject + expected + ", found a list"};
    case Tree::Kind::table:
      break;
  }
  throw Misread{tree.place, "invalid " + subject + expected + ", found a table"};
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
    reject_kind(tree, what, "a single word or text");
  }
  return tree.word;
}

const std::vector<Tree>& list_in(const Tree& tree, std::string_view what) {
  if (tree.kind != Tree::Kind::list) {
    reject_kind(tree, what, "a list, as [a, b]");
  }
  return tree.items;
}

std::vector<std::string> words_in(const Tree& tree, std::string_view what) {
  std::vector<std::string> words;
  for (const auto& item : list_in(tree, what)) {
    words.push_back(word_in(item, "item of " + std::string(what)));
  }
  return words;
}

const std::vector<Entry>& entries_in(const Tree& tree, std::string_view what,
                                     std::string_view form) {
  if (tree.kind != Tree::Kind::table) {
    reject_kind(tree, what, "a table, " + std::string(form));
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
  throw Misread{tree.place, "invalid " + std::string(what) + " \"" + tree.word + "\": expected " +
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
      throw unknown_key(entry, "; did you mean \"" + wanted + "\"?");
    }
  }
  throw Misread{tree_.place, "missing key \"" + wanted + "\" in " + what_};
}

void Table::finish() const {
  for (const auto& entry : tree_.entries) {
    if (!has_asked_for(entry.key)) {
      const auto meant = nearest(entry.key, asked_);
      throw unknown_key(entry, ": expected " + alternatives(asked_) +
                                   (meant ? "; did you mean \"" + *meant + "\"?" : ""));
    }
  }
}

Misread Table::unknown_key(const Entry& entry, const std::string& advice) const {
  return {entry.place, "unknown key \"" + entry.key + "\" in " + what_ + advice};
}

bool Table::has_asked_for(const std::string& key) const {
  return std::ranges::find(asked_, key) != asked_.end();
}

std::string read_text(Table& table, std::string_view key) {
  const auto* const entry = table.find(key);
  return entry == nullptr ? "" : word_in(entry->value, key);
}

int read_number(const Tree& tree, std::string_view what, int least, int most) {
  const auto number = base::number_in<int>(word_in(tree, what));
  if (!number || *number < least || *number > most) {
    reject(tree, what,
           "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  }
  return *number;
}

bool read_yes_or_no(const Tree& tree, std::string_view what) {
  return read_one_of<bool>(tree, what,
                           {{"yes", true}, {"no", false}, {"true", true}, {"false", false}});
}

}  // namespace yaml
