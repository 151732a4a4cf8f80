#include "sim/actors/kamailio_preprocessor.h"

#include "sim/actors/regular_expression.h"

#include <algorithm>

namespace sim {
namespace {

constexpr std::string_view blanks = " \t\r\b";

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::string_view take_word(std::string_view& text) {
  text = trimmed(text);
  const auto word = text.substr(0, text.find_first_of(blanks));
  text = trimmed(text.substr(word.size()));
  return word;
}

bool is_quoted(std::string_view text) {
  return text.size() >= 2 && text.front() == '"' && text.back() == '"';
}

}  // namespace

KamailioPreprocessor::KamailioPreprocessor() {
  for (const auto* const version : {"KAMAILIO_5", "KAMAILIO_5_6", "KAMAILIO_5_6_3"}) {
    define(version, "");
  }
}

bool KamailioPreprocessor::take(std::string_view line) {
  const auto word = take_word(line);
  return take_condition(word, line) ||
         (!is_skipping() && (take_define(word, line) || take_substitution(word, line)));
}

bool KamailioPreprocessor::take_condition(std::string_view word, std::string_view rest) {
  if (word == "ifdef" || word == "ifndef") {
    conditions_.push_back(defines_.contains(std::string(rest)) == (word == "ifdef"));
  } else if (word == "else" && !conditions_.empty()) {
    conditions_.back() = !conditions_.back();
  } else if (word == "endif" && !conditions_.empty()) {
    conditions_.pop_back();
  } else if (word == "endif") {
    ++extra_;
  } else {
    return word == "else";
  }
  return true;
}

bool KamailioPreprocessor::take_define(std::string_view word, std::string_view rest) {
  const bool tries = word == "trydef" || word == "trydefine";
  if (!tries && word != "define" && word != "def" && word != "redef" && word != "redefine") {
    return false;
  }
  const std::string name(take_word(rest));
  if (!tries || !defines_.contains(name)) {
    define(name, std::string(rest));
  }
  return true;
}

// "/PATTERN/VALUE/FLAGS", with any character instead of the slash.
bool KamailioPreprocessor::take_substitution(std::string_view word, std::string_view rest) {
  if (word != "subst" && word != "substdef" && word != "substdefs") {
    return false;
  }
  if (!is_quoted(rest)) {
    return true;
  }
  rest = rest.substr(1, rest.size() - 2);
  const char separator = rest.empty() ? '/' : rest.front();
  const auto second = rest.find(separator, 1);
  const auto third = rest.rfind(separator);
  if (second == std::string_view::npos || third <= second) {
    return true;
  }
  const std::string pattern(rest.substr(1, second - 1));
  const std::string value(rest.substr(second + 1, third - second - 1));
  const bool everywhere = rest.find('g', third) != std::string_view::npos;
  substitutions_.push_back({.pattern = pattern, .value = value, .everywhere = everywhere});
  if (word != "subst") {
    define(pattern, word == "substdef" ? value : '"' + value + '"');
  }
  return true;
}

const std::string* KamailioPreprocessor::value_of(const std::string& name) const {
  const auto found = defines_.find(name);
  return found == defines_.end() ? nullptr : &found->second;
}

std::string KamailioPreprocessor::substituted(std::string text) const {
  for (const auto& [pattern, value, everywhere] : substitutions_) {
    text = replaced(text, pattern, value, everywhere);
  }
  return text;
}

bool KamailioPreprocessor::is_skipping() const {
  return std::ranges::find(conditions_, false) != conditions_.end();
}

}  // namespace sim
