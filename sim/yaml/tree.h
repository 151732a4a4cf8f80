#pragma once

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace yaml {

// A position in a file. Lines and columns are counted from 1.
struct Place {
  int line = 0;
  int column = 0;
};

// Why a file cannot be parsed.
struct BadInput {
  std::string file;
  Place place;
  std::string text;

  // FILE:LINE:COLUMN: TEXT
  [[nodiscard]] std::string message() const;
};

// The only exception that readers of trees throw. Functions that read a file catch it.
struct Misread {
  Place place;
  std::string text;
};

struct Entry;

// The content of a YAML file, with the position of each value.
struct Tree {
  enum class Kind { nothing, word, list, table };

  Kind kind = Kind::nothing;
  std::string word;
  std::vector<Tree> items;
  std::vector<Entry> entries;
  Place place;  // of a key without a value: that of the key
};

struct Entry {
  std::string key;
  Place place;
  Tree value;
};

// An empty file is bad input, too. Merge keys and a second document are not supported.
[[nodiscard]] tl::expected<Tree, BadInput> read_tree(const std::string& file,
                                                     const std::string& text);

// Returns the content of the file, or the error of the system call that failed.
[[nodiscard]] tl::expected<std::string, std::error_code> read_text_file(const std::string& path);

}  // namespace yaml
