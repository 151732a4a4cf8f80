#pragma once

#include <string>
#include <string_view>

namespace sip::testing {

// The value of a header field in a message whose fields are neither folded nor abbreviated.
inline std::string field_of(std::string_view message, const std::string& name) {
  const auto begin = message.find("\r\n" + name + ": ") + name.size() + 4;
  return std::string(message.substr(begin, message.find("\r\n", begin) - begin));
}

// A server's response to a request; `status` includes the reason phrase.
inline std::string answer_to(std::string_view request, const std::string& status,
                             const std::string& body = "") {
  std::string text = "SIP/2.0 " + status + "\r\n";
  for (const auto* name : {"Via", "From", "To", "Call-ID", "CSeq"}) {
    text += std::string(name) + ": " + field_of(request, name) + "\r\n";
  }
  return text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace sip::testing
