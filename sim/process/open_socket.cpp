#include "sim/process/open_socket.h"

#include <cerrno>
#include <cstddef>
#include <system_error>
#include <utility>

namespace sim {
namespace {

constexpr std::size_t most_at_once = 256UL * 1024;

std::string text_of(int errno_value) { return std::generic_category().message(errno_value); }

host::Result<void> done(const Errno<std::size_t>& result) {
  if (!result && result.error() != EAGAIN) {
    return tl::unexpected(host::Error{.text = text_of(result.error())});
  }
  return {};
}

}  // namespace

std::optional<OpenFile::Happened> OpenSocket::take(Descriptor self) {
  if (has_ended_) {
    return std::nullopt;
  }
  switch (kind_) {
    case Kind::datagrams:
    case Kind::client:
      return socket_->is_readable() ? take_datagram(self) : std::nullopt;
    case Kind::listener:
      return socket_->is_readable() ? take_connection(self) : std::nullopt;
    case Kind::connecting:
      return socket_->is_writable() ? take_result_of_connecting(self) : std::nullopt;
    case Kind::stream:
      send_more();
      return socket_->is_readable() ? take_bytes(self) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<OpenFile::Happened> OpenSocket::take_datagram(Descriptor self) {
  auto datagram = socket_->receive_from(most_at_once);
  if (!datagram) {
    return end(self, datagram.error());
  }
  peer_ = std::move(datagram->from);
  return Happened{.event = GotDatagram{.socket = self, .bytes = std::move(datagram->bytes)}};
}

std::optional<OpenFile::Happened> OpenSocket::take_connection(Descriptor self) {
  auto accepted = socket_->accept();
  if (!accepted) {
    return std::nullopt;  // another process accepted it first
  }
  return Happened{.event = GotConnection{.listener = self},
                  .connection = std::make_shared<OpenSocket>(Kind::stream, *std::move(accepted))};
}

std::optional<OpenFile::Happened> OpenSocket::take_result_of_connecting(Descriptor self) {
  const int error = socket_->take_error();
  kind_ = Kind::stream;
  return error == 0 ? Happened{.event = GotThrough{.socket = self}} : end(self, error);
}

std::optional<OpenFile::Happened> OpenSocket::take_bytes(Descriptor self) {
  auto bytes = socket_->receive(most_at_once);
  if (!bytes) {
    return end(self, bytes.error());
  }
  if (bytes->empty()) {
    return end(self, 0);
  }
  return Happened{.event = GotBytes{.descriptor = self, .bytes = *std::move(bytes)}};
}

std::optional<OpenFile::Happened> OpenSocket::end(Descriptor self, int errno_value) {
  if (errno_value == EAGAIN) {
    return std::nullopt;
  }
  has_ended_ = kind_ != Kind::datagrams && kind_ != Kind::client;
  return Happened{
      .event = GotEnd{.descriptor = self, .reason = errno_value == 0 ? "" : text_of(errno_value)}};
}

host::Result<void> OpenSocket::send(std::string_view bytes) {
  switch (kind_) {
    case Kind::datagrams:
      return peer_ ? done(socket_->send_to(bytes, *peer_)) : OpenFile::send(bytes);
    case Kind::client:
      return done(socket_->send(bytes));
    case Kind::listener:
      return OpenFile::send(bytes);
    case Kind::connecting:
    case Kind::stream:
      unsent_ += bytes;
      send_more();
      return {};
  }
  return {};
}

// The next read returns the error.
void OpenSocket::send_more() {
  while (!unsent_.empty()) {
    const auto sent = socket_->send(unsent_);
    if (!sent) {
      return;
    }
    unsent_.erase(0, *sent);
  }
}

host::Result<host::Endpoint> OpenSocket::local_endpoint() {
  const auto endpoint = socket_->local_endpoint();
  if (!endpoint) {
    return tl::unexpected(host::Error{.text = text_of(endpoint.error())});
  }
  return *endpoint;
}

}  // namespace sim
