#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sim {

// A request, as far as a route can ask about it.
struct RouteRequest {
  std::string method;
  std::string uri;
  std::string headers;

  // Nothing in it: the text is no SIP request.
  [[nodiscard]] static RouteRequest parse(std::string_view text);

  // The value of the header field, whose name is in lower case; empty if there is none.
  [[nodiscard]] std::string header(std::string_view name) const;
};

// sip:USER:PASSWORD@HOST:PORT;...
struct SipUri {
  std::optional<std::string> user = {};
  std::string host = {};
  int port = 5060;

  [[nodiscard]] static SipUri parse(std::string_view text);
};

}  // namespace sim
