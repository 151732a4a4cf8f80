#pragma once

#include "sim/actors/kamailio_config_tokens.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim {

// What Kamailio has against a configuration.
struct ConfigComplaint {
  std::string file;        // empty: the configuration itself
  std::string place;       // "line 3, column 14-20"
  std::string text;        // "syntax error"
  std::string cause = {};  // what was logged before it: "[FILE:LINE]: FUNCTION(): TEXT"
};

// Reads a configuration token by token, and complains.
class ConfigReader {
 public:
  explicit ConfigReader(std::vector<ConfigToken> tokens) : tokens_(std::move(tokens)) {}

  struct SyntaxError {};

  [[nodiscard]] bool is_at_end() const { return next().kind == ConfigToken::Kind::end; }
  [[nodiscard]] const ConfigToken& next() const { return tokens_.at(next_); }
  const ConfigToken& take() { return is_at_end() ? next() : tokens_.at(next_++); }
  // False: something else is next.
  bool take_if(std::string_view sign) {
    const bool found = next().is(sign);
    next_ += found ? 1 : 0;
    return found;
  }
  bool take_if_word(std::string_view word) {
    const bool found = next().is_word(word);
    next_ += found ? 1 : 0;
    return found;
  }

  const ConfigToken& expect(ConfigToken::Kind kind) {
    if (next().kind != kind) {
      give_up();
    }
    return take();
  }
  const ConfigToken& expect(std::string_view sign) {
    if (!next().is(sign)) {
      give_up();
    }
    return take();
  }

  void complain(const ConfigToken& about, std::string text, std::string cause = {}) {
    complaints_.push_back({.file = about.file,
                           .place = place_of(about),
                           .text = std::move(text),
                           .cause = std::move(cause)});
  }
  [[noreturn]] void give_up() {
    complain(next(), "syntax error");
    throw SyntaxError{};
  }

  [[nodiscard]] const std::vector<ConfigComplaint>& complaints() const { return complaints_; }

 private:
  std::vector<ConfigToken> tokens_;
  std::size_t next_ = 0;
  std::vector<ConfigComplaint> complaints_;
};

}  // namespace sim
