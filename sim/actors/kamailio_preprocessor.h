#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// What the lines that begin with "#!" or "!!" have said so far.
class KamailioPreprocessor {
 public:
  KamailioPreprocessor();

  // What stands behind "#!". False: it means nothing, or nothing here.
  bool take(std::string_view line);

  void define(const std::string& name, const std::string& value) { defines_[name] = value; }
  // What stands for the name, or nothing.
  [[nodiscard]] const std::string* value_of(const std::string& name) const;
  // Of a quoted text or a variable.
  [[nodiscard]] std::string substituted(std::string text) const;

  // In a part that is left out.
  [[nodiscard]] bool is_skipping() const;
  // More of #!ifdef than of #!endif.
  [[nodiscard]] int open_conditions() const {
    return static_cast<int>(conditions_.size()) - extra_;
  }

 private:
  bool take_condition(std::string_view word, std::string_view rest);
  bool take_define(std::string_view word, std::string_view rest);
  bool take_substitution(std::string_view word, std::string_view rest);

  struct Substitution {
    std::string pattern;
    std::string value;
    bool everywhere = false;
  };
  std::map<std::string, std::string> defines_;
  std::vector<Substitution> substitutions_;
  std::vector<bool> conditions_;  // from the outermost to the innermost: does it hold?
  int extra_ = 0;                 // #!endif without #!ifdef
};

}  // namespace sim
