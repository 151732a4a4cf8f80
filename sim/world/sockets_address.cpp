#include "sim/world/sockets_address.h"

#include <arpa/inet.h>

namespace sim {

std::optional<IpAddress> IpAddress::parse(const std::string& text) {
  IpAddress address;
  if (::inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) {
    return address;
  }
  address = {.family = Family::v6};
  if (::inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) {
    return address;
  }
  return std::nullopt;
}

IpAddress IpAddress::loopback(Family family) {
  IpAddress address{.family = family};
  if (family == Family::v4) {
    address.bytes.front() = 127;
    address.bytes[3] = 1;
  } else {
    address.bytes.back() = 1;
  }
  return address;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  ::inet_ntop(family == Family::v4 ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size());
  return text.data();
}

bool IpAddress::is_loopback() const {
  return family == Family::v4 ? bytes.front() == 127 : *this == loopback(Family::v6);
}

std::optional<IpPort> ip_port_of(const host::Endpoint& endpoint) {
  const auto address = IpAddress::parse(endpoint.address);
  return address ? std::optional(IpPort{.address = *address, .port = endpoint.port}) : std::nullopt;
}

host::Endpoint endpoint_of(host::Endpoint::Kind kind, const IpPort& end) {
  return {.kind = kind, .address = end.address.text(), .port = end.port};
}

}  // namespace sim
