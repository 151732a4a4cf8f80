#include "sim/machine/sockets_unix.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sim {
namespace {

// 0 if it is a valid path of a socket. Processes of this machine have no working directory, so
// relative paths are not supported.
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

namespace {

constexpr auto unix_stream = host::Endpoint::Kind::unix_stream;

}  // namespace

void UnixConnection::notify(Side side) const {
  if (end(side).changes != nullptr) {
    end(side).changes->notify();
  }
}

Errno<std::size_t> UnixConnection::write(Side side, std::string_view bytes) {
  auto& receiver = end(other(side));
  if (receiver.is_closed) {
    return tl::unexpected(EPIPE);
  }
  const auto room = unix_send_buffer - receiver.unread.size();
  if (room == 0 && !bytes.empty()) {
    return tl::unexpected(EAGAIN);
  }
  const auto size = std::min(room, bytes.size());
  receiver.unread.append(bytes.substr(0, size));
  if (size > 0) {
    notify(other(side));
  }
  return size;
}

// Data come first, then the reason of the end.
Errno<std::string> UnixConnection::read(Side side, std::size_t limit) {
  auto& mine = end(side);
  if (!mine.unread.is_empty()) {
    auto bytes = mine.unread.take(limit);
    notify(other(side));
    return bytes;
  }
  if (const int error = take_error(side); error != 0) {
    return tl::unexpected(error);
  }
  return end(other(side)).is_closed ? Errno<std::string>("") : tl::unexpected(EAGAIN);
}

bool UnixConnection::is_readable(Side side) const {
  return !end(side).unread.is_empty() || end(other(side)).is_closed;
}

// Linux reports it as writable when three quarters of the buffer are free.
bool UnixConnection::is_writable(Side side) const {
  const auto& receiver = end(other(side));
  return receiver.is_closed || receiver.unread.size() <= unix_send_buffer / 4;
}

void UnixConnection::close(Side side, Closing closing) {
  auto& mine = end(side);
  mine.is_closed = true;
  mine.changes = nullptr;
  if (!mine.unread.is_empty() || closing == Closing::never_accepted) {
    end(other(side)).error = ECONNRESET;
  }
  mine.unread = {};
  notify(other(side));
}

Errno<std::shared_ptr<Socket>> UnixListener::listen(const std::shared_ptr<Stack>& stack,
                                                    const std::string& path, const Identity& who,
                                                    std::size_t backlog) {
  auto binding = bind_unix(stack->files, path, who);
  if (!binding) {
    return tl::unexpected(binding.error());
  }
  return std::make_shared<UnixListener>(stack, path, *std::move(binding), backlog);
}

UnixListener::UnixListener(std::shared_ptr<Stack> stack, std::string path,
                           std::shared_ptr<UnixBinding> binding, std::size_t backlog)
    : stack_(std::move(stack)),
      path_(std::move(path)),
      binding_(std::move(binding)),
      backlog_(backlog) {
  binding_->listener = this;
  stack_->unix_names.emplace(unix_stream, path_);
}

Errno<std::shared_ptr<UnixConnection>> UnixListener::connect() {
  if (queue_.size() > backlog_) {
    return tl::unexpected(EAGAIN);
  }
  queue_.push_back(std::make_shared<UnixConnection>(path_));
  changes().notify();
  return queue_.back();
}

Errno<std::shared_ptr<Socket>> UnixListener::accept() {
  if (binding_ == nullptr || queue_.empty()) {
    return tl::unexpected(binding_ == nullptr ? EBADF : EAGAIN);
  }
  auto connection = std::move(queue_.front());
  queue_.pop_front();
  return std::make_shared<UnixStreamSocket>(std::move(connection), UnixConnection::Side::server);
}

Errno<host::Endpoint> UnixListener::local_endpoint() const {
  if (binding_ == nullptr) {
    return tl::unexpected(EBADF);
  }
  return host::Endpoint{.kind = unix_stream, .address = path_};
}

void UnixListener::close() {
  if (binding_ == nullptr) {
    return;
  }
  std::exchange(binding_, nullptr)->listener = nullptr;
  stack_->unix_names.erase(stack_->unix_names.find({unix_stream, path_}));
  for (const auto& connection : std::exchange(queue_, {})) {
    connection->close(UnixConnection::Side::server, UnixConnection::Closing::never_accepted);
  }
  changes().notify();
}

Errno<std::shared_ptr<Socket>> UnixStreamSocket::connect(const std::shared_ptr<Stack>& stack,
                                                         const host::Endpoint& to,
                                                         const Identity& who) {
  const auto binding = find_unix(stack->files, to, who);
  if (!binding) {
    return tl::unexpected(binding.error());
  }
  auto connection = (*binding)->listener->connect();
  if (!connection) {
    return tl::unexpected(connection.error());
  }
  return std::make_shared<UnixStreamSocket>(*std::move(connection), Side::client);
}

UnixStreamSocket::UnixStreamSocket(std::shared_ptr<UnixConnection> connection, Side side)
    : connection_(std::move(connection)), side_(side) {
  connection_->attach(side_, changes());
}

Errno<std::size_t> UnixStreamSocket::send(std::string_view bytes) {
  if (connection_ == nullptr) {
    return tl::unexpected(EBADF);
  }
  return connection_->write(side_, bytes);
}

Errno<std::string> UnixStreamSocket::receive(std::size_t limit) {
  if (connection_ == nullptr) {
    return tl::unexpected(EBADF);
  }
  return connection_->read(side_, limit);
}

int UnixStreamSocket::take_error() {
  return connection_ == nullptr ? EBADF : connection_->take_error(side_);
}

// Only the accepted end has the name of the listener.
Errno<host::Endpoint> UnixStreamSocket::endpoint_of(Side side) const {
  if (connection_ == nullptr) {
    return tl::unexpected(EBADF);
  }
  return host::Endpoint{.kind = unix_stream,
                        .address = side == Side::server ? connection_->path() : ""};
}

Errno<host::Endpoint> UnixStreamSocket::local_endpoint() const { return endpoint_of(side_); }

Errno<host::Endpoint> UnixStreamSocket::peer_endpoint() const {
  return endpoint_of(side_ == Side::client ? Side::server : Side::client);
}

bool UnixStreamSocket::is_readable() const {
  return connection_ != nullptr && connection_->is_readable(side_);
}

bool UnixStreamSocket::is_writable() const {
  return connection_ != nullptr && connection_->is_writable(side_);
}

void UnixStreamSocket::close() {
  if (const auto connection = std::exchange(connection_, nullptr)) {
    connection->close(side_);
    changes().notify();
  }
}

}  // namespace sim
