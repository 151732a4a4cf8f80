#include "sim/programs/kamailio_preprocessor.h"

#include <regex.h>

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>

namespace sim {
namespace {

// A POSIX extended regular expression.
class Pattern {
 public:
  Pattern(const std::string& text, int flags)
      : is_valid_(regcomp(&compiled_, text.c_str(), REG_EXTENDED | flags) == 0) {}
  ~Pattern() {
    if (is_valid_) {
      regfree(&compiled_);
    }
  }
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  Pattern(Pattern&&) = delete;
  Pattern& operator=(Pattern&&) = delete;

  [[nodiscard]] bool is_valid() const { return is_valid_; }

  struct Place {
    std::size_t begin;
    std::size_t end;
  };
  [[nodiscard]] std::optional<Place> find(const char* text) const {
    regmatch_t found{};
    if (regexec(&compiled_, text, 1, &found, 0) != 0) {
      return std::nullopt;
    }
    return Place{.begin = static_cast<std::size_t>(found.rm_so),
                 .end = static_cast<std::size_t>(found.rm_eo)};
  }

 private:
  regex_t compiled_{};
  bool is_valid_;
};

// Replaces the first match by `value`, or all matches. Returns the text itself if the pattern is
// invalid.
std::string replaced(const std::string& text, const std::string& pattern, const std::string& value,
                     bool everywhere) {
  const Pattern compiled(pattern, 0);
  std::string result;
  std::size_t done = 0;
  while (compiled.is_valid()) {
    const auto found = compiled.find(text.c_str() + done);
    if (!found || found->begin == found->end) {
      break;
    }
    result.append(text, done, found->begin).append(value);
    done += found->end;
    if (!everywhere) {
      break;
    }
  }
  return result.append(text, done);
}

constexpr std::string_view blanks = " \t\r\b";

bool is_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

std::string_view take_word(std::string_view& text) {
  text = without_blanks(text);
  const auto word = text.substr(0, text.find_first_of(blanks));
  text = without_blanks(text.substr(word.size()));
  return word;
}

std::string unquoted(std::string_view text) {
  const bool is_quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return std::string(is_quoted ? text.substr(1, text.size() - 2) : text);
}

// A comment may follow.
std::string meant_by(std::string_view value) {
  return unquoted(without_blanks(value.substr(0, value.find(" #"))));
}

}  // namespace

std::string_view without_blanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

void KamailioPreprocessor::take(std::string_view line) {
  const auto word = take_word(line);
  if (word == "ifdef" || word == "ifndef") {
    conditions_.push_back(defines_.contains(take_word(line)) == (word == "ifdef"));
  } else if (word == "ifexp") {
    conditions_.push_back(true);
  } else if (word == "else" && !conditions_.empty()) {
    conditions_.back() = !conditions_.back();
  } else if (word == "endif" && !conditions_.empty()) {
    conditions_.pop_back();
  } else if (!is_skipping()) {
    take_definition(word, line);
  }
}

bool KamailioPreprocessor::is_skipping() const {
  return std::ranges::find(conditions_, false) != conditions_.end();
}

std::string KamailioPreprocessor::substituted(std::string text) const {
  for (const auto& [pattern, value, is_everywhere] : substitutions_) {
    text = replaced(text, pattern, value, is_everywhere);
  }
  return text;
}

std::string KamailioPreprocessor::expanded(std::string_view text) const {
  std::string result;
  std::set<std::string_view> within;
  expand(text, within, result);
  return result;
}

void KamailioPreprocessor::expand(std::string_view text, std::set<std::string_view>& within,
                                  std::string& result) const {
  constexpr std::size_t longest = 1 << 16;
  while (!text.empty() && result.size() < longest) {
    const auto size =
        static_cast<std::size_t>(std::ranges::find_if_not(text, is_of_name) - text.begin());
    const auto name = text.substr(0, std::max<std::size_t>(size, 1));
    const auto found = defines_.find(name);
    if (found == defines_.end() || !within.insert(found->first).second) {
      result += name;
    } else {
      expand(meant_by(found->second), within, result);
      within.erase(found->first);
    }
    text.remove_prefix(name.size());
  }
}

void KamailioPreprocessor::take_definition(std::string_view word, std::string_view rest) {
  if (word == "trydef" || word == "trydefine") {
    defines_.try_emplace(std::string(take_word(rest)), rest);
  } else if (word == "define" || word == "def" || word == "redef" || word == "redefine") {
    const std::string name(take_word(rest));
    define(name, std::string(rest));
  } else if (word.starts_with("subst")) {
    take_substitution(unquoted(rest), word != "subst");
  }
}

// "/PATTERN/VALUE/FLAGS", with any character instead of the slash.
void KamailioPreprocessor::take_substitution(std::string_view text, bool defines) {
  const char separator = text.empty() ? '/' : text.front();
  const auto second = text.find(separator, 1);
  const auto third = text.rfind(separator);
  if (second == std::string_view::npos || third <= second) {
    return;
  }
  const std::string pattern(text.substr(1, second - 1));
  const std::string value(text.substr(second + 1, third - second - 1));
  const bool is_everywhere = text.find('g', third) != std::string_view::npos;
  substitutions_.push_back({.pattern = pattern, .value = value, .is_everywhere = is_everywhere});
  if (defines) {
    define(pattern, value);
  }
}

}  // namespace sim
