#include "sim/machine/sockets.h"

#include "sim/machine/sockets_stack.h"
#include "sim/machine/sockets_tcp.h"
#include "sim/machine/sockets_udp.h"
#include "sim/machine/sockets_unix.h"

#include <algorithm>
#include <cerrno>
#include <stdexcept>

namespace sim {
namespace {

using Kind = host::Endpoint::Kind;

IpAddress address_of(const std::string& text) {
  const auto address = IpAddress::parse(text);
  if (!address) {
    throw std::logic_error("invalid IP address \"" + text + "\"");
  }
  return *address;
}

Ways::Place place_of(const host::Endpoint& endpoint) {
  if (endpoint.kind != Kind::udp && endpoint.kind != Kind::tcp) {
    throw std::logic_error("weather applies to UDP and TCP only");
  }
  Ways::Place place{.kind = endpoint.kind, .address = {}, .port = endpoint.port};
  if (!endpoint.address.empty()) {
    place.address = address_of(endpoint.address);
  }
  return place;
}

}  // namespace

Errno<std::size_t> Socket::send(std::string_view /*bytes*/) { return tl::unexpected(EOPNOTSUPP); }
Errno<std::size_t> Socket::send_to(std::string_view /*bytes*/, const host::Endpoint& /*to*/) {
  return tl::unexpected(EOPNOTSUPP);
}
Errno<std::string> Socket::receive(std::size_t /*limit*/) { return tl::unexpected(EOPNOTSUPP); }
Errno<Socket::Datagram> Socket::receive_from(std::size_t /*limit*/) {
  return tl::unexpected(EOPNOTSUPP);
}
Errno<std::shared_ptr<Socket>> Socket::accept() { return tl::unexpected(EOPNOTSUPP); }
Errno<host::Endpoint> Socket::peer_endpoint() const { return tl::unexpected(ENOTCONN); }

Sockets::Sockets(Scheduler& time, SeededRandom& random, Files& files)
    : stack_(std::make_shared<Stack>(time, random, files)) {}

Sockets::~Sockets() { stack_->is_off = true; }

Errno<std::shared_ptr<Socket>> Sockets::listen(const host::Endpoint& endpoint, const Identity& who,
                                               int backlog) {
  const auto room = static_cast<std::size_t>(std::max(backlog, 0));
  switch (endpoint.kind) {
    case Kind::udp:
      return UdpSocket::bind(stack_, endpoint, who);
    case Kind::tcp:
      return TcpListener::listen(stack_, endpoint, who, room);
    case Kind::unix_datagram:
      return UnixDatagramSocket::bind(stack_, endpoint.address, who);
    case Kind::unix_stream:
      return UnixListener::listen(stack_, endpoint.address, who, room);
  }
  return tl::unexpected(EINVAL);
}

Errno<std::shared_ptr<Socket>> Sockets::connect(const host::Endpoint& endpoint, const Identity& who,
                                                const std::optional<host::Endpoint>& from) {
  switch (endpoint.kind) {
    case Kind::udp:
      return UdpSocket::connect(stack_, endpoint, who, from);
    case Kind::tcp:
      return TcpSocket::connect(stack_, endpoint, who, from);
    case Kind::unix_datagram:
      return UnixDatagramSocket::connect(stack_, endpoint, who, from);
    case Kind::unix_stream:
      return UnixStreamSocket::connect(stack_, endpoint, who);
  }
  return tl::unexpected(EINVAL);
}

void Sockets::add_address(const std::string& address) {
  stack_->ways.add_address(address_of(address));
}

void Sockets::remove_address(const std::string& address) {
  stack_->ways.remove_address(address_of(address));
}

std::vector<host::Rival> Sockets::rivals_at(std::uint16_t port) const {
  std::vector<host::Rival> rivals;
  for (auto [at, end] = rivals_.equal_range(port); at != end; ++at) {
    rivals.push_back(at->second);
  }
  return rivals;
}

std::vector<std::string> Sockets::own_addresses() const {
  std::vector<std::string> texts = {IpAddress::loopback(IpAddress::Family::v4).text()};
  for (const auto& address : stack_->ways.own_addresses()) {
    if (address.family == IpAddress::Family::v4) {
      texts.push_back(address.text());
    }
  }
  return texts;
}

void Sockets::set_default_route(Route route) { stack_->ways.set_default_route(route); }

void Sockets::set_route(const std::string& address, Route route) {
  stack_->ways.set_route(address_of(address), route);
}

void Sockets::set_weather(const Weather& weather) { stack_->ways.set_weather(weather); }

void Sockets::set_weather(const host::Endpoint& at, const Weather& weather) {
  stack_->ways.set_weather(place_of(at), weather);
}

void Sockets::clear_weather(const host::Endpoint& at) { stack_->ways.clear_weather(place_of(at)); }

std::vector<host::Endpoint> Sockets::awaiting_requests() const {
  std::vector<host::Endpoint> endpoints;
  for (const auto& [end, socket] : stack_->udp.all()) {
    if (!socket->is_connected()) {
      endpoints.push_back(endpoint_of(Kind::udp, end));
    }
  }
  for (const auto& [end, listener] : stack_->tcp.all()) {
    endpoints.push_back(endpoint_of(Kind::tcp, end));
  }
  for (const auto& [kind, path] : stack_->unix_names) {
    endpoints.push_back({.kind = kind, .address = path});
  }
  return endpoints;
}

}  // namespace sim
