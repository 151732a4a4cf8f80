#pragma once

#include "agent/host/result.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace sip {

// Cuts the bytes of a stream into messages: each ends with the body that its Content-Length
// announces (RFC 3261, sections 7.5 and 18.3), and empty lines may stand between them.
class MessageStream {
 public:
  static constexpr std::size_t longest_message = 65'535;  // bytes; what fits into a datagram

  void append(std::string_view bytes);

  // The next message, or nothing until more bytes come. What is no SIP ends at its first empty
  // line. Error: a message is longer than the longest, so that nothing more can be read.
  [[nodiscard]] host::Result<std::optional<std::string>> next();

 private:
  std::string bytes_;
  std::size_t begin_ = 0;  // of what has not been given yet
};

}  // namespace sip
