#pragma once

#include "agent/host/network.h"
#include "agent/host/result.h"

#include <sys/socket.h>

#include <string>

namespace posix {

// A socket address of any family.
struct SocketAddress {
  sockaddr_storage storage = {};
  socklen_t size = 0;

  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// `failed` if the address is not an IP address, or not a valid path of a socket.
[[nodiscard]] host::Result<SocketAddress> address_of(const host::Endpoint& endpoint);

// Converts an IPv4 or IPv6 address back.
[[nodiscard]] host::Endpoint endpoint_of(host::Endpoint::Kind kind, const SocketAddress& address);

}  // namespace posix
