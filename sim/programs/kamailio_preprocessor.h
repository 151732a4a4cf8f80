#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// What the lines of kamailio.cfg say that begin with "#!" or "!!".
class KamailioPreprocessor {
 public:
  // What stands behind these two characters. What it does not know it passes over.
  void take(std::string_view line);

  void define(const std::string& name, const std::string& value = "") { defines_[name] = value; }

  [[nodiscard]] bool is_skipping() const;

  // What #!subst makes of a quoted text.
  [[nodiscard]] std::string substituted(std::string text) const;

  // With all that is defined in the place of its name; not within itself, and not without end.
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
  std::vector<bool> conditions_;  // from the outermost to the innermost: does it hold?
};

// " a b " -> "a b"
[[nodiscard]] std::string_view without_blanks(std::string_view text);

}  // namespace sim
