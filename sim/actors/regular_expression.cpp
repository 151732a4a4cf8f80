#include "sim/actors/regular_expression.h"

#include <regex.h>

#include <cstddef>
#include <optional>

namespace sim {
namespace {

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

}  // namespace

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

}  // namespace sim
