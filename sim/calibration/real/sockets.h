#pragma once

#include "sim/calibration/situation.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <vector>

namespace calibration {

// Where this machine takes datagrams and connections.
[[nodiscard]] std::vector<Endpoint> bound_endpoints();

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;

  [[nodiscard]] const sockaddr* get() const;
};

// Of size 0 if the address is no numerical one.
[[nodiscard]] SocketAddress socket_address(const Endpoint& endpoint);
[[nodiscard]] int socket_type(Transport transport);

// Sends one OPTIONS request: the first line of the response, or "refused", "closed" or "nothing".
[[nodiscard]] Answered ask(const Endpoint& at, Duration lasts);

}  // namespace calibration
