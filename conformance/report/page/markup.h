#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace conformance {

// Markup that grows. Whatever comes from elsewhere goes through text().
class Markup {
 public:
  // As it is.
  Markup& raw(std::string_view markup);

  // Plain text, for the content of an element or an attribute in double quotes.
  Markup& text(std::string_view text);

  Markup& number(std::size_t number);

  [[nodiscard]] std::string take() { return std::move(made_); }

 private:
  std::string made_;
};

}  // namespace conformance
