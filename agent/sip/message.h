#pragma once

#include "agent/host/result.h"

#include <cstddef>
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

  // Returns nothing at the empty line, or at the end of the message; then rest() is the body.
  [[nodiscard]] std::optional<Field> next();
  [[nodiscard]] std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

// Takes the next line from `text` and returns it without its end (CRLF or LF).
[[nodiscard]] std::string_view take_line(std::string_view& text);

// Removes linear white space around a value.
[[nodiscard]] std::string_view trim(std::string_view text);

// Takes the text before the next `separator` that is outside quotes and comments, or all of the
// text, and the separator itself.
[[nodiscard]] std::string_view take_until(char separator, std::string_view& text);

// The text with ASCII letters in lower case.
[[nodiscard]] std::string lower(std::string_view text);

// Parses 1*DIGIT. Nothing if the number exceeds the limit.
[[nodiscard]] std::optional<std::uint64_t> number(std::string_view text, std::uint64_t limit);

inline constexpr int highest_status = 699;  // RFC 3261, section 21

// The parts of a response that a client transaction uses (RFC 3261, section 7.2).
struct Response {
  int status = 0;             // 100 to 699
  std::string reason;         // may be empty, or UTF-8 of any kind
  std::string branch;         // of the topmost Via; empty if it has none
  std::size_t via_count = 0;  // values of Via, however they are spread over header fields
  std::uint32_t cseq = 0;     // below 2^31 (section 8.1.1.5)
  std::string cseq_method;    // case-sensitive

  friend bool operator==(const Response&, const Response&) = default;
};

// Parses a whole response: a datagram, or a message of a MessageStream. Lines may end in a bare
// line feed, header fields may be folded, in any order, in their long or compact form (section
// 7.3); a body longer than Content-Length is cut off (18.3). Error: the message is not a response:
// it has another first line, a status outside 100 to 699, no Via or CSeq, an invalid Via or CSeq,
// or a body shorter than Content-Length.
[[nodiscard]] host::Result<Response> parse_response(std::string_view message);

// The length in bytes of the body that a message announces; 0 for "" and for a value that is not a
// number. The sender decides where its message on a stream ends.
[[nodiscard]] std::size_t content_length(std::string_view header);

// Cuts the bytes of a stream into messages: each ends with the body that its Content-Length
// announces (RFC 3261, sections 7.5 and 18.3), and empty lines may stand between them.
class MessageStream {
 public:
  static constexpr std::size_t longest_message = 65'535;  // bytes; what fits into a datagram

  void append(std::string_view bytes);

  // The next message, or nothing until more bytes come. Bytes that are not SIP end at their first
  // empty line. Error: a message is longer than the longest; then nothing more can be read.
  [[nodiscard]] host::Result<std::optional<std::string>> next();

 private:
  std::string bytes_;
  std::size_t begin_ = 0;  // of the bytes that next() has not returned yet
};

}  // namespace sip
