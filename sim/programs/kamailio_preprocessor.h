#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// The preprocessor of kamailio.cfg: lines that begin with "#!" or "!!".
class KamailioPreprocessor {
 public:
  // Processes the text after these two characters. Unknown directives are skipped.
  void take(std::string_view line);

  void define(const std::string& name, const std::string& value = "") { defines_[name] = value; }

  [[nodiscard]] bool is_skipping() const;

  // Applies #!subst to a quoted text.
  [[nodiscard]] std::string substituted(std::string text) const;

  // Replaces defined names by their values, without recursion into a name's own value.
  [[nodiscard]] std::string expanded(std::string_view text) const;

 private:
  void expand(std::string_view text, std::set<std::string_view>& within, std::string& result) const;
  void take_definition(std::string_view word, std::string_view rest);
  void take_substitution(std::string_view text, bool defines);

  struct Substitution {
    std::string pattern;
    std::string value;
    bool is_everywhere = false;
  };
  std::map<std::string, std::string, std::less<>> defines_ = {
      {"KAMAILIO_5", ""}, {"KAMAILIO_5_6", ""}, {"KAMAILIO_5_6_3", ""}};
  std::vector<Substitution> substitutions_;
  std::vector<bool> conditions_;  // whether each condition holds, the outermost first
};

// " a b " -> "a b"
[[nodiscard]] std::string_view without_blanks(std::string_view text);

}  // namespace sim
