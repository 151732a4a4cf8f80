#pragma once

#include "sim/world/errno.h"
#include "sim/world/files.h"
#include "sim/world/identity.h"
#include "sim/world/sockets.h"

#include <cstddef>
#include <memory>
#include <string>

// What unix(7) sockets of both kinds have in common: inside of Sockets.

namespace sim {

class UnixListener;
struct Mailbox;

// net.core.wmem_default: what a socket may have sent that nobody has read yet.
inline constexpr std::size_t unix_send_buffer = 212'992;

// What stands behind the file of a socket: one of them, as long as it is open.
struct UnixBinding {
  UnixListener* listener = nullptr;
  Mailbox* mailbox = nullptr;
};

// EADDRINUSE if there is anything at the path, even a socket that nobody has open any more.
[[nodiscard]] Errno<std::shared_ptr<UnixBinding>> bind_unix(Files& files, const std::string& path,
                                                            const Identity& who);

// EACCES without permission to write, ECONNREFUSED for what nobody has open, EPROTOTYPE for one of
// the other kind.
[[nodiscard]] Errno<std::shared_ptr<UnixBinding>> find_unix(const Files& files,
                                                            const host::Endpoint& endpoint,
                                                            const Identity& who);

}  // namespace sim
