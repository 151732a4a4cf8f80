#include "agent/kamailio/ip_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstring>

namespace kamailio {

std::string IpAddress::as_host() const { return family == Family::ipv6 ? "[" + text + "]" : text; }

bool IpAddress::is(std::string_view other) const {
  const auto address = parse_ip_address(other);
  return address && address->family == family && address->bytes == bytes;
}

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  IpAddress address{.text = std::string(text)};
  in_addr ipv4 = {};
  in6_addr ipv6 = {};
  if (text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  if (::inet_pton(AF_INET, address.text.c_str(), &ipv4) == 1) {
    std::memcpy(address.bytes.data(), &ipv4, sizeof ipv4);
    address.is_any = ipv4.s_addr == htonl(INADDR_ANY);
    address.is_loopback = ipv4.s_addr == htonl(INADDR_LOOPBACK);
    return address;
  }
  if (::inet_pton(AF_INET6, address.text.c_str(), &ipv6) == 1) {
    std::memcpy(address.bytes.data(), &ipv6, sizeof ipv6);
    address.family = IpAddress::Family::ipv6;
    address.is_any = IN6_IS_ADDR_UNSPECIFIED(&ipv6);
    return address;
  }
  return std::nullopt;
}

}  // namespace kamailio
