#include "agent/kamailio/ip_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace kamailio {

std::string IpAddress::as_host() const { return family == Family::ipv6 ? "[" + text + "]" : text; }

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  IpAddress address{.text = std::string(text)};
  in_addr ipv4 = {};
  in6_addr ipv6 = {};
  if (text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  if (::inet_pton(AF_INET, address.text.c_str(), &ipv4) == 1) {
    address.is_any = ipv4.s_addr == htonl(INADDR_ANY);
    address.is_loopback = ipv4.s_addr == htonl(INADDR_LOOPBACK);
    return address;
  }
  if (::inet_pton(AF_INET6, address.text.c_str(), &ipv6) == 1) {
    address.family = IpAddress::Family::ipv6;
    address.is_any = IN6_IS_ADDR_UNSPECIFIED(&ipv6);
    return address;
  }
  return std::nullopt;
}

}  // namespace kamailio
