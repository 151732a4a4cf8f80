#include "sim/actors/kamailio_config_tokens.h"

#include "sim/actors/kamailio_modules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <utility>

namespace sim {
namespace {

using Kind = ConfigToken::Kind;

bool is_of_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::size_t size_of_word(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_of_word) - text.begin());
}

// Of what begins with a parenthesis.
std::size_t size_of_parentheses(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (depth == 0) {
      return i + 1;
    }
  }
  return text.size();
}

// Of what begins with "$": $ru, $var(x), $(ru{uri.user}), $?.
std::size_t size_of_variable(std::string_view text) {
  if (text.starts_with("$?")) {
    return 2;
  }
  const auto name = 1 + size_of_word(text.substr(1));
  return name + (text.substr(name).starts_with('(') ? size_of_parentheses(text.substr(name)) : 0);
}

// Comments may stand in comments.
std::size_t size_of_comment(std::string_view text) {
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto here = text.substr(i, 2);
    depth += here == "/*" ? 1 : here == "*/" ? -1 : 0;
    if (here == "/*" || here == "*/") {
      ++i;
    }
    if (depth == 0) {
      return i + 1;
    }
  }
  return text.size();
}

std::size_t size_of_sign(std::string_view text) {
  constexpr std::array<std::string_view, 9> signs = {"&&", "||", "==", "!=", "=~",
                                                     "<=", ">=", "<<", ">>"};
  return std::ranges::find(signs, text.substr(0, 2)) == signs.end() ? 1 : 2;
}

// What stands for \C in a text; others are two characters.
std::optional<char> escaped(char c) {
  constexpr std::array<std::pair<char, char>, 6> characters = {
      {{'n', '\n'}, {'r', '\r'}, {'a', '\a'}, {'t', '\t'}, {'"', '"'}, {'\\', '\\'}}};
  const auto* const found = std::ranges::find(characters, c, &std::pair<char, char>::first);
  return found == characters.end() ? std::nullopt : std::optional(found->second);
}

// What all files of a configuration have together.
struct Reading {
  const ConfigSource& source;
  KamailioPreprocessor preprocessor = {};
  ConfigTokens found = {};
  int depth = 0;  // of files in files, and of names that stand for names
};

class Tokenizer {
 public:
  Tokenizer(Reading& reading, std::string_view text, std::string file)
      : reading_(reading), text_(text), file_(std::move(file)) {
    constexpr std::size_t usual_size = 6;
    auto& tokens = reading_.found.tokens;
    tokens.reserve(tokens.size() + text.size() / usual_size);
  }

  void run() {
    while (!text_.empty() && reading_.found.missing_include.empty()) {
      if (reading_.preprocessor.is_skipping()) {
        skip(std::min({text_.find("#!"), text_.find("!!"), text_.size()}));
        skip(take_directive() ? 0 : std::min<std::size_t>(text_.size(), 1));
      } else if (!take_directive()) {
        take();
      }
    }
  }

  // It begins behind the last token.
  [[nodiscard]] ConfigToken end() const {
    ConfigToken token;
    if (const auto& tokens = reading_.found.tokens; !tokens.empty()) {
      token.line = tokens.back().line;
      token.column = tokens.back().last_column + 1;
    }
    token.text = std::to_string(line_);
    token.last_column = column_ - 1;
    return token;
  }

 private:
  void take() {
    if (text_.front() == '#' || text_.starts_with("//")) {
      skip(std::min(text_.find('\n'), text_.size()));
    } else if (text_.starts_with("/*")) {
      skip(size_of_comment(text_));
    } else if (std::isspace(static_cast<unsigned char>(text_.front())) != 0) {
      skip(1);
    } else if (text_.front() == '"') {
      take_text();
    } else if (text_.front() == '\'') {
      const auto size = std::min(text_.find('\'', 1), text_.size() - 1) + 1;
      add(Kind::text, size, std::string(text_.substr(1, size - 2)));
    } else if (text_.front() == '$') {
      const auto size = size_of_variable(text_);
      add(Kind::variable, size, std::string(text_.substr(0, size)));
    } else if (is_of_word(text_.front())) {
      take_word(std::string(text_.substr(0, size_of_word(text_))));
    } else {
      const auto size = size_of_sign(text_);
      add(Kind::sign, size, std::string(text_.substr(0, size)));
    }
  }

  // A line may go on behind a backslash.
  bool take_directive() {
    if (!text_.starts_with("#!") && !text_.starts_with("!!")) {
      return false;
    }
    std::string line;
    std::size_t size = 2;
    for (; size < text_.size() && text_[size] != '\n'; ++size) {
      if (text_.substr(size).starts_with("\\\n")) {
        ++size;
      } else {
        line += text_[size];
      }
    }
    for (const std::string_view include : {"include_file", "import_file"}) {
      if (line.starts_with(include) && !reading_.preprocessor.is_skipping()) {
        skip(2);
        return false;  // it may stand without "#!", too
      }
    }
    if (!reading_.preprocessor.take(line)) {
      return false;
    }
    skip(size);
    return true;
  }

  // Texts behind each other are one.
  void take_text() {
    std::string text;
    std::size_t size = 0;
    for (auto next = size; next < text_.size() && text_[next] == '"';) {
      size = next + 1;
      for (; size < text_.size() && text_[size] != '"'; ++size) {
        if (text_[size] == '\\' && size + 1 < text_.size()) {
          const char character = text_[++size];
          const auto meant = escaped(character);
          text += meant ? std::string(1, *meant)
                        : (character == '\n' ? "" : std::string("\\") + character);
        } else {
          text += text_[size];
        }
      }
      size = std::min(size + 1, text_.size());
      next = std::min(text_.find_first_not_of(" \t\r\n", size), text_.size());
    }
    add(Kind::text, size, std::move(text));
  }

  void take_word(const std::string& word) {
    constexpr int deepest = 10;
    if (word == "include_file" || word == "import_file") {
      skip(word.size());
      take_include(word == "import_file");
    } else if (const auto* const value = reading_.preprocessor.value_of(word);
               value != nullptr && reading_.depth < deepest) {
      expand(*value, word.size());
    } else {
      add(Kind::word, word.size(), word);
    }
  }

  void expand(const std::string& value, std::size_t size) {
    const auto first = reading_.found.tokens.size();
    ++reading_.depth;
    Tokenizer(reading_, value, file_).run();
    --reading_.depth;
    for (auto i = first; i < reading_.found.tokens.size(); ++i) {
      auto& token = reading_.found.tokens[i];
      token.line = line_;
      token.column = column_;
      token.last_column = column_ + static_cast<int>(size) - 1;
    }
    skip(size);
  }

  // Behind the word: "FILE", which is looked for beside this one. (Kamailio looks into its working
  // directory before.)
  void take_include(bool may_be_missing) {
    constexpr int deepest = 10;
    skip(std::min(text_.find_first_not_of(" \t"), text_.size()));
    const auto quoted = text_.substr(0, std::min(text_.find_first_of(" \t\r\n"), text_.size()));
    const std::string name(quoted.size() < 2 ? quoted : quoted.substr(1, quoted.size() - 2));
    skip(quoted.size());
    const auto& here = file_.empty() ? reading_.source.path : file_;
    const auto path = name.starts_with('/') ? name : here.substr(0, here.rfind('/') + 1) + name;
    const auto text = reading_.source.read ? reading_.source.read(path) : std::nullopt;
    if (text && reading_.depth < deepest) {
      ++reading_.depth;
      Tokenizer(reading_, *text, path).run();
      --reading_.depth;
    } else if (!may_be_missing) {
      reading_.found.missing_include =
          "[core/cfg.lex:1883]: sr_push_yy_state(): cannot open included file: " + name + " (" +
          path + ")";
    }
  }

  void add(Kind kind, std::size_t size, std::string text) {
    auto& tokens = reading_.found.tokens;
    if (kind == Kind::text && !tokens.empty() && tokens.back().is_word("loadmodule")) {
      reading_.preprocessor.define("MOD_" + std::string(kamailio_module_name(text)), "");
    }
    if (kind == Kind::text || kind == Kind::variable) {
      text = reading_.preprocessor.substituted(std::move(text));
    }
    ConfigToken token{
        .kind = kind, .text = std::move(text), .file = file_, .line = line_, .column = column_};
    skip(size);
    token.last_column = column_ - 1;
    tokens.push_back(std::move(token));
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

  Reading& reading_;
  std::string_view text_;
  std::string file_;
  int line_ = 1;
  int column_ = 1;
};

}  // namespace

ConfigTokens config_tokens(const ConfigSource& source) {
  Reading reading{.source = source};
  for (const auto& define : source.defines) {
    const auto name = define.substr(0, define.find('='));
    reading.preprocessor.define(name, define.substr(std::min(name.size() + 1, define.size())));
  }
  Tokenizer tokenizer(reading, source.text, "");
  tokenizer.run();
  reading.found.tokens.push_back(tokenizer.end());
  reading.found.open_conditions = reading.preprocessor.open_conditions();
  return std::move(reading.found);
}

std::string place_of(const ConfigToken& token) {
  const auto line = std::to_string(token.line);
  const auto column = std::to_string(token.column);
  const auto last_column = std::to_string(token.last_column);
  if (token.kind == Kind::end && token.text != line) {
    return "from line " + line + ", column " + column + " to line " + token.text + ", column " +
           last_column;
  }
  return "line " + line + ", column " + column +
         (token.column == token.last_column ? "" : "-" + last_column);
}

}  // namespace sim
