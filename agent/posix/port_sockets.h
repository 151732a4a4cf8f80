#pragma once

#include "agent/host/network.h"
#include "agent/host/process_table.h"
#include "agent/host/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posix {

// A line of /proc/net/udp, udp6, tcp or tcp6 (proc_net(5)).
struct PortSocket {
  std::string address;     // as in the table: only zeros mean 0.0.0.0 or ::
  std::uint32_t user = 0;  // uid of its owner
  std::uint64_t inode = 0;

  friend bool operator==(const PortSocket&, const PortSocket&) = default;
};

// none: only sockets that receive from any peer. any: also sockets of connections.
enum class Peer { none, any };

// The sockets in such a table that have the port. Other lines are skipped, and so are sockets
// without an owner (TIME_WAIT).
[[nodiscard]] std::vector<PortSocket> sockets_in(std::string_view table, std::uint16_t port,
                                                 Peer peer = Peer::none);

// See host::Network.
[[nodiscard]] host::Result<std::vector<host::Rival>> holders_of(host::Endpoint::Kind kind,
                                                                std::uint16_t port);
[[nodiscard]] host::Result<std::vector<host::Rival>> udp_rivals(const host::ProcessId& owner,
                                                                std::uint16_t port);

}  // namespace posix
