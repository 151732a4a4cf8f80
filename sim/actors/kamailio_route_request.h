#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sim {

// A request, as far as a route can ask about it.
struct RouteRequest {
  std::string method;
  std::string uri;
  std::string user_agent;
  bool has_to_tag = false;

  // Nothing in it: the text is no SIP request.
  [[nodiscard]] static RouteRequest parse(std::string_view text);
};

// sip:USER:PASSWORD@HOST:PORT;...
struct SipUri {
  std::optional<std::string> user = {};
  std::string host = {};
  int port = 5060;

  [[nodiscard]] static SipUri parse(std::string_view text);
};

}  // namespace sim
