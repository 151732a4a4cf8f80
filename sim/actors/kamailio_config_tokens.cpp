#include "sim/actors/kamailio_config_tokens.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <utility>

namespace sim {
namespace {

bool is_word(char c) {
  constexpr std::string_view others = "_./-$:";
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         others.find(c) != std::string_view::npos;
}

// The size of what begins with "$(", as $(ru{uri.user}).
std::size_t size_of_variable(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth == 0) {
      return i + 1;
    }
  }
  return text.size();
}

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  std::vector<ConfigToken> all() {
    while (!text_.empty()) {
      if (text_.front() == '#' || text_.starts_with("//")) {
        skip(std::min(text_.find('\n'), text_.size()));
      } else if (text_.starts_with("/*")) {
        skip(std::min(text_.find("*/"), text_.size() - 2) + 2);
      } else if (std::isspace(static_cast<unsigned char>(text_.front())) != 0) {
        skip(1);
      } else {
        take();
      }
    }
    tokens_.push_back(end());
    return std::move(tokens_);
  }

 private:
  void take() {
    ConfigToken token{.line = line_, .column = column_};
    std::size_t size = 1;
    if (text_.front() == '"') {
      size = std::min(text_.find('"', 1), text_.size() - 1) + 1;
      token.kind = ConfigToken::Kind::text;
      token.text = text_.substr(1, size - 2);
    } else if (text_.starts_with("$(")) {
      size = size_of_variable(text_);
      token.kind = ConfigToken::Kind::word;
      token.text = text_.substr(0, size);
    } else if (is_word(text_.front())) {
      size = static_cast<std::size_t>(std::ranges::find_if_not(text_, is_word) - text_.begin());
      token.kind = ConfigToken::Kind::word;
      token.text = text_.substr(0, size);
    } else {
      token.kind = ConfigToken::Kind::sign;
      token.text = text_.substr(0, 1);
    }
    skip(size);
    token.last_column = column_ - 1;
    tokens_.push_back(std::move(token));
  }

  void skip(std::size_t size) {
    for (const char c : text_.substr(0, size)) {
      if (c == '\n') {
        ++line_;
        column_ = 1;
      } else {
        ++column_;
      }
    }
    text_.remove_prefix(size);
  }

  // It begins behind the last token.
  [[nodiscard]] ConfigToken end() const {
    ConfigToken token;
    if (!tokens_.empty()) {
      token.line = tokens_.back().line;
      token.column = tokens_.back().last_column + 1;
    }
    token.text = std::to_string(line_);
    token.last_column = column_ - 1;
    return token;
  }

  std::string_view text_;
  std::vector<ConfigToken> tokens_;
  int line_ = 1;
  int column_ = 1;
};

}  // namespace

std::vector<ConfigToken> config_tokens(std::string_view text) { return Tokenizer(text).all(); }

std::string place_of(const ConfigToken& token) {
  const auto line = std::to_string(token.line);
  const auto column = std::to_string(token.column);
  const auto last_column = std::to_string(token.last_column);
  if (token.kind == ConfigToken::Kind::end && token.text != line) {
    return "from line " + line + ", column " + column + " to line " + token.text + ", column " +
           last_column;
  }
  return "line " + line + ", column " + column +
         (token.column == token.last_column ? "" : "-" + last_column);
}

}  // namespace sim
