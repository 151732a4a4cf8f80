#include "sim/actors/kamailio_route_request.h"

#include "agent/sip/headers.h"
#include "sim/kernel/number.h"

#include <algorithm>
#include <utility>

namespace sim {

RouteRequest RouteRequest::parse(std::string_view text) {
  const auto first_line = sip::take_line(text);
  const auto end_of_method = first_line.find(' ');
  const auto end_of_uri = first_line.rfind(' ');
  if (end_of_method >= end_of_uri || first_line.substr(end_of_uri) != " SIP/2.0") {
    return {};
  }
  RouteRequest request;
  request.method = std::string(first_line.substr(0, end_of_method));
  request.uri = std::string(first_line.substr(end_of_method + 1, end_of_uri - end_of_method - 1));
  request.headers = std::string(text);
  return request;
}

std::string RouteRequest::header(std::string_view name) const {
  sip::HeaderReader reader(headers);
  while (auto field = reader.next()) {
    if (field->name == name) {
      return std::move(field->value);
    }
  }
  return "";
}

SipUri SipUri::parse(std::string_view text) {
  SipUri uri;
  text.remove_prefix(std::min(text.find(':') + 1, text.size()));
  if (const auto at = text.find('@'); at != std::string_view::npos) {
    const auto user = text.substr(0, at);
    uri.user = std::string(user.substr(0, user.find(':')));
    text.remove_prefix(at + 1);
  }
  text = text.substr(0, text.find_first_of(";?"));
  const auto end_of_host = text.starts_with('[') ? text.find(']') + 1 : text.find(':');
  uri.host = std::string(text.substr(0, end_of_host));
  text.remove_prefix(uri.host.size());
  uri.port = text.empty() ? uri.port : number_in<int>(text.substr(1)).value_or(0);
  return uri;
}

}  // namespace sim
