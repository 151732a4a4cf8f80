#include "sim/world/sockets_unix.h"

#include <cerrno>

namespace sim {
namespace {

// 0 if it may be the path of a socket. Processes of this machine work in no directory that one
// could name a path from.
int error_of_path(const std::string& path) {
  if (path.empty() || path.size() > host::longest_socket_path) {
    return EINVAL;
  }
  return path.front() == '/' ? 0 : ENOENT;
}

}  // namespace

Errno<std::shared_ptr<UnixBinding>> bind_unix(Files& files, const std::string& path,
                                              const Identity& who) {
  if (const int error = error_of_path(path); error != 0) {
    return tl::unexpected(error);
  }
  const auto inode = files.make_socket(path, who);
  if (!inode) {
    return tl::unexpected(inode.error());
  }
  auto binding = std::make_shared<UnixBinding>();
  (*inode)->attachment = binding;
  return binding;
}

Errno<std::shared_ptr<UnixBinding>> find_unix(const Files& files, const host::Endpoint& endpoint,
                                              const Identity& who) {
  if (const int error = error_of_path(endpoint.address); error != 0) {
    return tl::unexpected(error);
  }
  const auto inode = files.open(endpoint.address, Permission::write, who);
  if (!inode) {
    return tl::unexpected(inode.error());
  }
  if ((*inode)->type != Inode::Type::socket || !(*inode)->attachment) {
    return tl::unexpected(ECONNREFUSED);
  }
  auto binding = std::static_pointer_cast<UnixBinding>((*inode)->attachment);
  if (binding->listener == nullptr && binding->mailbox == nullptr) {
    return tl::unexpected(ECONNREFUSED);
  }
  const bool is_stream = endpoint.kind == host::Endpoint::Kind::unix_stream;
  if (is_stream != (binding->listener != nullptr)) {
    return tl::unexpected(EPROTOTYPE);
  }
  return binding;
}

}  // namespace sim
