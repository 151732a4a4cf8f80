#pragma once

#include "agent/host/network.h"
#include "agent/host/process_table.h"
#include "agent/host/result.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace posix {

// A line of /proc/net/udp or udp6 (proc_net(5)).
struct UdpSocket {
  std::string address;     // as the table spells it: zeros alone are 0.0.0.0 or ::
  std::uint32_t user = 0;  // uid of its owner
  std::uint64_t inode = 0;

  friend bool operator==(const UdpSocket&, const UdpSocket&) = default;
};

// The sockets in such a table that get what is sent to the port from anywhere. What is no line of
// the table is passed over.
[[nodiscard]] std::vector<UdpSocket> sockets_in(std::string_view table, std::uint16_t port);

// See host::Network.
[[nodiscard]] host::Result<std::vector<host::Rival>> udp_rivals(const host::ProcessId& owner,
                                                                std::uint16_t port);

}  // namespace posix
