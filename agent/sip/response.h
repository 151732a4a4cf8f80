#pragma once

#include "agent/host/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace sip {

inline constexpr int highest_status = 699;  // RFC 3261, section 21

// What a client transaction looks at in a response (RFC 3261, section 7.2).
struct Response {
  int status = 0;             // 100 to 699
  std::string reason;         // may be empty, or UTF-8 of any kind
  std::string branch;         // of the topmost Via; empty if it has none
  std::size_t via_count = 0;  // values of Via, however they are spread over header fields
  std::uint32_t cseq = 0;     // below 2^31 (section 8.1.1.5)
  std::string cseq_method;    // case-sensitive

  friend bool operator==(const Response&, const Response&) = default;
};

// Reads a whole response: a datagram, or what a MessageStream cut out. Lines may end in a bare line
// feed, header fields may be folded, in any order, in their long or compact form (section 7.3); a
// body longer than Content-Length says is cut off (18.3). Error: it is no response: another first
// line, a status outside 100 to 699, no Via or CSeq, one of those that breaks its grammar, a body
// shorter than Content-Length.
[[nodiscard]] host::Result<Response> parse_response(std::string_view message);

// The length in bytes of the body that a message announces, "" and what cannot be read as 0: where
// a message ends on a stream is for its sender to say.
[[nodiscard]] std::size_t content_length(std::string_view header);

}  // namespace sip
