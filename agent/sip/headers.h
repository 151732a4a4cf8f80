#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sip {

// The grammar that header fields share (RFC 3261, sections 7.3 and 25.1).

// Takes the header fields of a message one by one.
class HeaderReader {
 public:
  // `rest` begins behind the first line of the message.
  explicit HeaderReader(std::string_view rest) : rest_(rest) {}

  struct Field {
    std::string name;   // the long form, in lower case; empty if the line is no header field
    std::string value;  // unfolded and trimmed
  };

  // Nothing at the empty line, or at the end of the message; then rest() is the body.
  [[nodiscard]] std::optional<Field> next();
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

// The next line without its end (CRLF or LF), which is taken from `text`.
[[nodiscard]] std::string_view take_line(std::string_view& text);

// Linear white space around a value.
[[nodiscard]] std::string_view trim(std::string_view text);

// Takes all before the next `separator` that is outside quotes and comments (or all there is), and
// the separator itself.
[[nodiscard]] std::string_view take_until(char separator, std::string_view& text);

// ASCII letters in lower case.
[[nodiscard]] std::string lower(std::string_view text);

// 1*DIGIT that does not exceed the limit.
[[nodiscard]] std::optional<std::uint64_t> number(std::string_view text, std::uint64_t limit);

}  // namespace sip
