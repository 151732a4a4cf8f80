#include "agent/posix/socket_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <array>
#include <cstddef>
#include <cstring>

namespace posix {
namespace {

using host::Endpoint;

template <typename Specific>
SocketAddress general(const Specific& specific, std::size_t size = sizeof(Specific)) {
  SocketAddress address{.size = static_cast<socklen_t>(size)};
  std::memcpy(&address.storage, &specific, sizeof specific);
  return address;
}

template <typename Specific>
Specific specific(const SocketAddress& address) {
  Specific result = {};
  std::memcpy(&result, &address.storage, sizeof result);
  return result;
}

host::Result<SocketAddress> ip_address_of(const Endpoint& endpoint) {
  sockaddr_in ipv4 = {};
  if (::inet_pton(AF_INET, endpoint.address.c_str(), &ipv4.sin_addr) == 1) {
    ipv4.sin_family = AF_INET;
    ipv4.sin_port = htons(endpoint.port);
    return general(ipv4);
  }
  sockaddr_in6 ipv6 = {};
  if (::inet_pton(AF_INET6, endpoint.address.c_str(), &ipv6.sin6_addr) == 1) {
    ipv6.sin6_family = AF_INET6;
    ipv6.sin6_port = htons(endpoint.port);
    return general(ipv6);
  }
  return tl::unexpected(host::Error{.text = host::text_of(endpoint) + ": not an IP address"});
}

host::Result<SocketAddress> unix_address_of(const Endpoint& endpoint) {
  if (endpoint.address.empty() || endpoint.address.size() > host::longest_socket_path) {
    return tl::unexpected(
        host::Error{.text = host::text_of(endpoint) + ": the path of a socket has 1 to 107 bytes"});
  }
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  endpoint.address.copy(&address.sun_path[0], host::longest_socket_path);
  return general(address, offsetof(sockaddr_un, sun_path) + endpoint.address.size() + 1);
}

}  // namespace

host::Result<SocketAddress> address_of(const Endpoint& endpoint) {
  const bool is_ip = endpoint.kind == Endpoint::Kind::udp || endpoint.kind == Endpoint::Kind::tcp;
  return is_ip ? ip_address_of(endpoint) : unix_address_of(endpoint);
}

Endpoint endpoint_of(Endpoint::Kind kind, const SocketAddress& address) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  std::uint16_t port = 0;
  if (address.storage.ss_family == AF_INET) {
    const auto ipv4 = specific<sockaddr_in>(address);
    ::inet_ntop(AF_INET, &ipv4.sin_addr, text.data(), text.size());
    port = ntohs(ipv4.sin_port);
  } else {
    const auto ipv6 = specific<sockaddr_in6>(address);
    ::inet_ntop(AF_INET6, &ipv6.sin6_addr, text.data(), text.size());
    port = ntohs(ipv6.sin6_port);
  }
  return {.kind = kind, .address = text.data(), .port = port};
}

}  // namespace posix
