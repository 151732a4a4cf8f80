#include "sim/machine/sockets_tcp.h"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace sim {

std::size_t TcpFlow::write(std::string_view bytes) {
  const auto size = is_full() ? 0 : std::min(bytes.size(), send_buffer - unarrived());
  bytes_.append(bytes.substr(0, size));
  return size;
}

std::optional<TcpFlow::Segment> TcpFlow::next_segment(std::size_t largest) const {
  if (beginning_ == Mark::none) {
    return std::nullopt;
  }
  const auto unsent = unarrived() - in_flight_;
  const auto used = readable_ + in_flight_;
  const auto window = receive_buffer - std::min(receive_buffer, used);
  auto size = std::min(unsent, window);
  if (largest > 0) {
    size = std::min(size, largest);
  }
  const Segment segment{
      .size = size, .begins = beginning_ == Mark::due, .ends = end_ == Mark::due && size == unsent};
  return size > 0 || segment.begins || segment.ends ? std::optional(segment) : std::nullopt;
}

void TcpFlow::launch(const Segment& segment) {
  in_flight_ += segment.size;
  if (segment.begins) {
    beginning_ = Mark::in_flight;
  }
  if (segment.ends) {
    end_ = Mark::in_flight;
  }
  last_arrival_ = segment.arrival;
  flying_.push_back(segment);
}

TcpFlow::Segment TcpFlow::land(TimePoint now) {
  Segment all{.arrival = now};
  while (is_flying() && next_arrival() <= now) {
    const auto& segment = flying_.front();
    all.size += segment.size;
    all.begins = all.begins || segment.begins;
    all.ends = all.ends || segment.ends;
    flying_.pop_front();
  }
  in_flight_ -= all.size;
  return all;
}

void TcpFlow::take_back() {
  flying_.clear();
  in_flight_ = 0;
  if (beginning_ == Mark::in_flight) {
    beginning_ = Mark::due;
  }
  if (end_ == Mark::in_flight) {
    end_ = Mark::due;
  }
}

void TcpFlow::keep(const Segment& segment) {
  readable_ += segment.size;
  if (segment.begins) {
    beginning_ = Mark::arrived;
  }
  if (segment.ends) {
    end_ = Mark::arrived;
  }
}

std::string TcpFlow::read(std::size_t limit) {
  auto bytes = bytes_.take(std::min(limit, readable_));
  readable_ -= bytes.size();
  return bytes;
}

void TcpFlow::forget_unsent() {
  bytes_.keep(readable_ + in_flight_);
  if (end_ == Mark::due) {
    end_ = Mark::none;
  }
}

void TcpFlow::break_off() {
  flying_.clear();
  in_flight_ = 0;
  bytes_.keep(readable_);
}

Errno<std::shared_ptr<Socket>> TcpListener::listen(const std::shared_ptr<Stack>& stack,
                                                   const host::Endpoint& at, const Identity& who,
                                                   std::size_t backlog) {
  auto end = stack->end_to_bind(at, who);
  if (!end) {
    return tl::unexpected(end.error());
  }
  if (end->port == 0) {
    end->port = stack->any_port([&](std::uint16_t port) {
      const IpPort candidate{.address = end->address, .port = port};
      return stack->tcp.is_free(candidate) && !stack->connecting_ends.contains(candidate);
    });
  }
  if (end->port == 0 || !stack->tcp.is_free(*end)) {
    return tl::unexpected(EADDRINUSE);
  }
  return std::make_shared<TcpListener>(stack, *end, backlog);
}

TcpListener::TcpListener(std::shared_ptr<Stack> stack, const IpPort& own, std::size_t backlog)
    : stack_(std::move(stack)), own_(own), queue_(std::make_shared<AcceptQueue>()) {
  queue_->backlog = backlog;
  queue_->changes = &changes();
  stack_->tcp.bind(own_, *this);
}

Errno<std::shared_ptr<Socket>> TcpListener::accept() {
  if (queue_ == nullptr) {
    return tl::unexpected(EBADF);
  }
  if (queue_->connections.empty()) {
    return tl::unexpected(EAGAIN);
  }
  auto connection = std::move(queue_->connections.front());
  queue_->connections.pop_front();
  return std::make_shared<TcpSocket>(std::move(connection), TcpConnection::Side::server);
}

Errno<host::Endpoint> TcpListener::local_endpoint() const {
  if (queue_ == nullptr) {
    return tl::unexpected(EBADF);
  }
  return endpoint_of(host::Endpoint::Kind::tcp, own_);
}

bool TcpListener::is_readable() const { return queue_ != nullptr && !queue_->connections.empty(); }

// Connections that were not accepted yet are aborted.
void TcpListener::close() {
  const auto queue = std::exchange(queue_, nullptr);
  if (queue == nullptr) {
    return;
  }
  stack_->tcp.release(own_);
  queue->changes = nullptr;
  for (const auto& connection : std::exchange(queue->connections, {})) {
    connection->reset(TcpConnection::Side::server);
  }
  changes().notify();
}

Errno<std::shared_ptr<Socket>> TcpSocket::connect(const std::shared_ptr<Stack>& stack,
                                                  const host::Endpoint& to, const Identity& who,
                                                  const std::optional<host::Endpoint>& from) {
  const auto peer = stack->peer_of(to);
  if (!peer) {
    return tl::unexpected(peer.error());
  }
  auto own = stack->end_to_connect_from(*peer, from, who);
  if (!own) {
    return tl::unexpected(own.error());
  }
  const auto is_free = [&](std::uint16_t port) {
    const IpPort end{.address = own->address, .port = port};
    return !stack->connecting_ends.contains(end) && stack->tcp.is_free(end);
  };
  if (own->port == 0) {
    own->port = stack->any_port(is_free);
  }
  if (own->port == 0 || !is_free(own->port)) {
    return tl::unexpected(EADDRINUSE);
  }
  auto connection = std::make_shared<TcpConnection>(stack, *own, *peer);
  connection->open();
  return std::make_shared<TcpSocket>(std::move(connection), Side::client);
}

TcpSocket::TcpSocket(std::shared_ptr<TcpConnection> connection, Side side)
    : connection_(std::move(connection)), side_(side) {
  connection_->attach(side_, changes());
}

Errno<std::size_t> TcpSocket::send(std::string_view bytes) {
  if (connection_ == nullptr) {
    return tl::unexpected(EBADF);
  }
  return connection_->write(side_, bytes);
}

Errno<std::string> TcpSocket::receive(std::size_t limit) {
  if (connection_ == nullptr) {
    return tl::unexpected(EBADF);
  }
  return connection_->read(side_, limit);
}

int TcpSocket::take_error() {
  return connection_ == nullptr ? EBADF : connection_->take_error(side_);
}

Errno<host::Endpoint> TcpSocket::local_endpoint() const {
  if (connection_ == nullptr) {
    return tl::unexpected(EBADF);
  }
  return endpoint_of(host::Endpoint::Kind::tcp, connection_->address(side_));
}

Errno<host::Endpoint> TcpSocket::peer_endpoint() const {
  if (connection_ == nullptr || !connection_->is_established()) {
    return tl::unexpected(connection_ == nullptr ? EBADF : ENOTCONN);
  }
  return endpoint_of(host::Endpoint::Kind::tcp, connection_->address(TcpConnection::other(side_)));
}

bool TcpSocket::is_readable() const {
  return connection_ != nullptr && connection_->is_readable(side_);
}

bool TcpSocket::is_writable() const {
  return connection_ != nullptr && connection_->is_writable(side_);
}

void TcpSocket::close() {
  if (const auto connection = std::exchange(connection_, nullptr)) {
    connection->close(side_);
    changes().notify();
  }
}

void TcpSocket::reset() {
  if (const auto connection = std::exchange(connection_, nullptr)) {
    connection->reset(side_);
    changes().notify();
  }
}

}  // namespace sim
