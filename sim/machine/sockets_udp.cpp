#include "sim/machine/sockets_udp.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

namespace sim {
namespace {

constexpr auto udp = host::Endpoint::Kind::udp;

// net.core.rmem_default, and the overhead of Linux for each queued packet.
constexpr std::size_t receive_buffer = 212'992;
constexpr std::size_t packet_overhead = 832;

// RFC 768 and 791, 8200: the length has 16 bits, and with IPv4 it includes the IP header.
std::size_t longest_datagram(IpAddress::Family family) {
  return family == IpAddress::Family::v4 ? 65'507 : 65'527;
}

// Port 0 is replaced by a free one.
Errno<IpPort> free_end(Stack& stack, IpPort end) {
  if (end.port == 0) {
    end.port = stack.any_port([&](std::uint16_t port) {
      return stack.udp.is_free({.address = end.address, .port = port});
    });
  }
  if (end.port == 0 || !stack.udp.is_free(end)) {
    return tl::unexpected(EADDRINUSE);
  }
  return end;
}

}  // namespace

Errno<std::shared_ptr<Socket>> UdpSocket::bind(const std::shared_ptr<Stack>& stack,
                                               const host::Endpoint& at, const Identity& who) {
  auto end = stack->end_to_bind(at, who);
  if (end) {
    end = free_end(*stack, *end);
  }
  if (!end) {
    return tl::unexpected(end.error());
  }
  return std::make_shared<UdpSocket>(stack, *end, std::nullopt);
}

Errno<std::shared_ptr<Socket>> UdpSocket::connect(const std::shared_ptr<Stack>& stack,
                                                  const host::Endpoint& to, const Identity& who,
                                                  const std::optional<host::Endpoint>& from) {
  const auto peer = stack->peer_of(to);
  if (!peer) {
    return tl::unexpected(peer.error());
  }
  auto own = stack->end_to_connect_from(*peer, from, who);
  if (own) {
    own = free_end(*stack, *own);
  }
  if (!own) {
    return tl::unexpected(own.error());
  }
  return std::make_shared<UdpSocket>(stack, *own, *peer);
}

UdpSocket::UdpSocket(std::shared_ptr<Stack> stack, const IpPort& own,
                     const std::optional<IpPort>& peer)
    : stack_(std::move(stack)), own_(own), peer_(peer) {
  stack_->udp.bind(own_, *this);
}

Errno<std::size_t> UdpSocket::send(std::string_view bytes) {
  if (!peer_) {
    return tl::unexpected(is_open_ ? EDESTADDRREQ : EBADF);
  }
  return send_packet(bytes, *peer_);
}

Errno<std::size_t> UdpSocket::send_to(std::string_view bytes, const host::Endpoint& to) {
  if (to.kind != udp) {
    return tl::unexpected(EINVAL);
  }
  const auto peer = stack_->peer_of(to);
  return peer ? send_packet(bytes, *peer) : tl::unexpected(peer.error());
}

Errno<std::size_t> UdpSocket::send_packet(std::string_view bytes, const IpPort& to) {
  if (!is_open_) {
    return tl::unexpected(EBADF);
  }
  if (bytes.size() > longest_datagram(to.address.family)) {
    return tl::unexpected(EMSGSIZE);
  }
  // The pending error of an earlier datagram is reported instead of sending.
  if (const int error = take_error(); error != 0) {
    return tl::unexpected(error);
  }
  if (const int error = stack_->ways.error_at_once(to.address); error != 0) {
    return tl::unexpected(error);
  }
  auto from = own_;
  if (from.address.is_any()) {
    from.address = stack_->ways.source_for(to.address);
  }
  launch({.bytes = std::string(bytes), .from = from, .to = to});
  return bytes.size();
}

// The end with weather of its own is the listener; otherwise the end that is not connected.
const Weather& UdpSocket::weather_of(const Stack& stack, const Packet& packet,
                                     Direction& direction) {
  if (const auto* const there = stack.ways.weather_at(udp, packet.to)) {
    direction = Direction::request;
    return *there;
  }
  if (const auto* const here = stack.ways.weather_at(udp, packet.from)) {
    direction = Direction::answer;
    return *here;
  }
  const auto* const receiver = stack.udp.find(packet.to);
  const bool is_answer = receiver != nullptr && receiver->is_connected();
  direction = is_answer ? Direction::answer : Direction::request;
  return stack.ways.weather();
}

void UdpSocket::launch(Packet packet) {
  auto direction = Direction::request;
  const auto& weather = weather_of(*stack_, packet, direction);
  const int copies = stack_->ways.happens(weather.duplication) ? 2 : 1;
  for (int copy = 0; copy < copies; ++copy) {
    if (stack_->ways.loses(weather, direction)) {
      continue;
    }
    stack_->time.at(arrival_of(packet, weather),
                    [stack = stack_, packet]() mutable { arrive(stack, std::move(packet)); });
  }
}

// Packets between two sockets stay in order, unless the weather reorders them.
TimePoint UdpSocket::arrival_of(const Packet& packet, const Weather& weather) {
  constexpr std::chrono::milliseconds longest_detour{10};
  auto arrival = stack_->time.now() + stack_->ways.delay(weather);
  if (stack_->ways.happens(weather.reordering)) {
    return arrival + stack_->ways.up_to(longest_detour);
  }
  if (packet.to == last_to_) {
    arrival = std::max(arrival, last_arrival_);
  }
  last_to_ = packet.to;
  return last_arrival_ = arrival;
}

void UdpSocket::arrive(const std::shared_ptr<Stack>& stack, Packet packet) {
  if (stack->is_off || !stack->ways.has(packet.to.address)) {
    return;
  }
  auto* const receiver = stack->udp.find(packet.to);
  if (receiver == nullptr || (receiver->peer_ && *receiver->peer_ != packet.from)) {
    refuse(stack, packet);
  } else {
    receiver->keep(std::move(packet));
  }
}

// RFC 1122, 4.1.3.1: ICMP port unreachable, which udp(7) reports only to a connected socket.
void UdpSocket::refuse(const std::shared_ptr<Stack>& stack, const Packet& packet) {
  const auto* const sender = stack->udp.find(packet.from);
  if (sender == nullptr || !sender->is_connected()) {
    return;
  }
  auto direction = Direction::request;
  const auto& weather = weather_of(*stack, packet, direction);
  const auto back = direction == Direction::request ? Direction::answer : Direction::request;
  if (stack->ways.loses(weather, back)) {
    return;
  }
  stack->time.in(stack->ways.delay(weather), [stack, from = packet.from, to = packet.to] {
    auto* const refused = stack->is_off ? nullptr : stack->udp.find(from);
    if (refused != nullptr && refused->peer_ == to) {
      refused->error_ = ECONNREFUSED;
      refused->changes().notify();
    }
  });
}

void UdpSocket::keep(Packet packet) {
  const auto needed = packet.bytes.size() + packet_overhead;
  if (memory_ + needed > receive_buffer) {
    return;
  }
  memory_ += needed;
  unread_.push_back(std::move(packet));
  changes().notify();
}

Errno<UdpSocket::Packet> UdpSocket::take(std::size_t limit) {
  if (!is_open_) {
    return tl::unexpected(EBADF);
  }
  if (const int error = take_error(); error != 0) {
    return tl::unexpected(error);
  }
  if (unread_.empty()) {
    return tl::unexpected(EAGAIN);
  }
  auto packet = std::move(unread_.front());
  unread_.pop_front();
  memory_ -= packet.bytes.size() + packet_overhead;
  if (packet.bytes.size() > limit) {
    packet.bytes.resize(limit);
  }
  return packet;
}

Errno<std::string> UdpSocket::receive(std::size_t limit) {
  auto packet = take(limit);
  if (!packet) {
    return tl::unexpected(packet.error());
  }
  return std::move(packet->bytes);
}

Errno<Socket::Datagram> UdpSocket::receive_from(std::size_t limit) {
  auto packet = take(limit);
  if (!packet) {
    return tl::unexpected(packet.error());
  }
  return Datagram{.bytes = std::move(packet->bytes), .from = endpoint_of(udp, packet->from)};
}

int UdpSocket::take_error() { return std::exchange(error_, 0); }

Errno<host::Endpoint> UdpSocket::local_endpoint() const {
  if (!is_open_) {
    return tl::unexpected(EBADF);
  }
  return endpoint_of(udp, own_);
}

Errno<host::Endpoint> UdpSocket::peer_endpoint() const {
  if (!peer_) {
    return tl::unexpected(is_open_ ? ENOTCONN : EBADF);
  }
  return endpoint_of(udp, *peer_);
}

bool UdpSocket::is_readable() const { return error_ != 0 || !unread_.empty(); }

void UdpSocket::close() {
  if (!is_open_) {
    return;
  }
  is_open_ = false;
  stack_->udp.release(own_);
  unread_.clear();
  peer_.reset();
  changes().notify();
}

}  // namespace sim
