#pragma once

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace yaml {

// Where in a file, counted from 1.
struct Place {
  int line = 0;
  int column = 0;
};

// A file that cannot be understood.
struct BadInput {
  std::string file;
  Place place;
  std::string text;

  // FILE:LINE:COLUMN: TEXT
  [[nodiscard]] std::string message() const;
};

// What a reader of trees throws, and only it; whoever reads a file catches it.
struct Misread {
  Place place;
  std::string text;
};

struct Entry;

// What a YAML file says, with the places at which it says so.
struct Tree {
  enum class Kind { nothing, word, list, table };

  Kind kind = Kind::nothing;
  std::string word;
  std::vector<Tree> items;
  std::vector<Entry> entries;
  Place place;  // of nothing behind a key: that of the key
};

struct Entry {
  std::string key;
  Place place;
  Tree value;
};

// A file that says nothing at all is bad input, too. Of YAML there are no merge keys and only one
// document.
[[nodiscard]] tl::expected<Tree, BadInput> read_tree(const std::string& file,
                                                     const std::string& text);

// The whole file, or why it cannot be read.
[[nodiscard]] tl::expected<std::string, std::error_code> read_text_file(const std::string& path);

}  // namespace yaml
