#pragma once

#include "sim/actors/kamailio_preprocessor.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// A piece of a configuration of Kamailio. Lines and columns are counted from 1.
struct ConfigToken {
  enum class Kind { word, variable, text, sign, end };

  Kind kind = Kind::end;
  std::string text;  // a quoted one without its quotes
  std::string file;  // empty: that of the configuration itself
  int line = 1;
  int column = 1;
  int last_column = 0;  // of its last character

  [[nodiscard]] bool is(std::string_view sign) const { return kind == Kind::sign && text == sign; }
  [[nodiscard]] bool is_word(std::string_view word) const {
    return kind == Kind::word && text == word;
  }
};

// A configuration, and how to get at the files that it includes.
struct ConfigSource {
  std::string path;
  std::string text;
  std::vector<std::string> defines = {};  // as after -A: NAME or NAME=VALUE
  std::function<std::optional<std::string>(const std::string& path)> read = {};
};

struct ConfigTokens {
  std::vector<ConfigToken> tokens;   // without comments; the last one is the end
  std::string missing_include = {};  // why nothing more could be read: what was logged about it
  int open_conditions = 0;           // more of #!ifdef than of #!endif
};

[[nodiscard]] ConfigTokens config_tokens(const ConfigSource& source);

// As Kamailio tells places: "line 3, column 14-20".
[[nodiscard]] std::string place_of(const ConfigToken& token);

}  // namespace sim
