#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sim {

// A piece of a configuration of Kamailio. Lines and columns are counted from 1.
struct ConfigToken {
  enum class Kind { word, text, sign, end };

  Kind kind = Kind::end;
  std::string text;  // a quoted one without its quotes
  int line = 1;
  int column = 1;
  int last_column = 0;  // of its last character

  [[nodiscard]] bool is(std::string_view sign) const { return kind == Kind::sign && text == sign; }
  [[nodiscard]] bool is_word(std::string_view word) const {
    return kind == Kind::word && text == word;
  }
};

// All of them, without comments; the last one is the end.
[[nodiscard]] std::vector<ConfigToken> config_tokens(std::string_view text);

// As Kamailio tells places: "line 3, column 14-20".
[[nodiscard]] std::string place_of(const ConfigToken& token);

}  // namespace sim
