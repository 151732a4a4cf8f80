#pragma once

#include "agent/host/result.h"
#include "agent/rpc/value.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace rpc {

// What some of Kamailio's core methods answer (measured with Kamailio 5.6.3, both encodings).
// Error: the answer has another form; the text names the method and what is missing.

// core.uptime
struct Uptime {
  std::chrono::seconds uptime{0};  // negative after the wall clock was set back (measured)
  std::string since;               // local time, as in "Mon Nov 23 10:00:00 2026"

  friend bool operator==(const Uptime&, const Uptime&) = default;
};
[[nodiscard]] host::Result<Uptime> read_uptime(const Value& answer);

// core.psx: the main process comes first. Each process that is named may be looked up, so that a
// longer answer than any server gives is an error.
inline constexpr std::size_t most_server_processes = 4096;
struct ServerProcess {
  int pid = 0;
  std::string description;  // "udp receiver child=0 sock=127.0.0.1:5060"

  friend bool operator==(const ServerProcess&, const ServerProcess&) = default;
};
[[nodiscard]] host::Result<std::vector<ServerProcess>> read_processes(const Value& answer);

// core.shmmem with the parameter "k", in KiB. In bytes Kamailio 5.6.3 would tell them modulo 2^32.
struct SharedMemory {
  std::uint64_t total = 0;  // not 0
  std::uint64_t free = 0;   // at most total

  friend bool operator==(const SharedMemory&, const SharedMemory&) = default;
};
[[nodiscard]] host::Result<SharedMemory> read_shared_memory(const Value& answer);

}  // namespace rpc
