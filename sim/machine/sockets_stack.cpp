#include "sim/machine/sockets_stack.h"

#include <arpa/inet.h>

#include <array>
#include <cerrno>
#include <chrono>

namespace sim {

std::optional<IpAddress> IpAddress::parse(const std::string& text) {
  IpAddress address;
  if (::inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) {
    return address;
  }
  address = {.family = Family::v6};
  if (::inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) {
    return address;
  }
  return std::nullopt;
}

IpAddress IpAddress::loopback(Family family) {
  IpAddress address{.family = family};
  if (family == Family::v4) {
    address.bytes.front() = 127;
    address.bytes[3] = 1;
  } else {
    address.bytes.back() = 1;
  }
  return address;
}

std::string IpAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  ::inet_ntop(family == Family::v4 ? AF_INET : AF_INET6, bytes.data(), text.data(), text.size());
  return text.data();
}

bool IpAddress::is_loopback() const {
  return family == Family::v4 ? bytes.front() == 127 : *this == loopback(Family::v6);
}

std::optional<IpPort> ip_port_of(const host::Endpoint& endpoint) {
  const auto address = IpAddress::parse(endpoint.address);
  return address ? std::optional(IpPort{.address = *address, .port = endpoint.port}) : std::nullopt;
}

host::Endpoint endpoint_of(host::Endpoint::Kind kind, const IpPort& end) {
  return {.kind = kind, .address = end.address.text(), .port = end.port};
}

IpAddress Ways::source_for(const IpAddress& destination) const {
  if (addresses_.contains(destination)) {
    return destination;
  }
  if (!destination.is_loopback()) {
    for (const auto& own : addresses_) {
      if (own.family == destination.family) {
        return own;
      }
    }
  }
  return IpAddress::loopback(destination.family);
}

std::optional<Route> Ways::route_to(const IpAddress& destination) const {
  if (has(destination)) {
    return std::nullopt;
  }
  const auto found = routes_.find(destination);
  return found == routes_.end() ? default_route_ : found->second;
}

int Ways::error_at_once(const IpAddress& destination) const {
  const auto route = route_to(destination);
  return route && route->after == Duration(0) ? route->error : 0;
}

const Weather* Ways::weather_at(Kind kind, const IpPort& end) const {
  if (weathers_.empty()) {
    return nullptr;
  }
  // The most specific scope first.
  const std::array<Place, 4> places = {
      Place{.kind = kind, .address = end.address, .port = end.port},
      Place{.kind = kind, .address = end.address},
      Place{.kind = kind, .address = {}, .port = end.port}, Place{.kind = kind}};
  for (const auto& place : places) {
    if (const auto found = weathers_.find(place); found != weathers_.end()) {
      return &found->second;
    }
  }
  return nullptr;
}

bool Ways::loses(const Weather& weather, Direction direction) {
  return is_silent(weather, direction) || happens(weather.loss);
}

Duration Ways::delay(const Weather& weather) { return weather.delay + up_to(weather.jitter); }

Duration Ways::up_to(Duration most) {
  if (most <= Duration(0)) {
    return Duration(0);
  }
  return Duration(random_.below(static_cast<std::uint64_t>(most.count()) + 1));
}

bool is_silent(const Weather& weather, Direction direction) {
  switch (weather.silence) {
    case Weather::Silence::none:
      return false;
    case Weather::Silence::of_requests:
      return direction == Direction::request;
    case Weather::Silence::of_answers:
      return direction == Direction::answer;
    case Weather::Silence::of_all:
      return true;
  }
  return false;
}

Errno<IpPort> Stack::end_to_bind(const host::Endpoint& endpoint, const Identity& who) const {
  constexpr std::uint16_t first_unprivileged = 1024;  // ip_unprivileged_port_start
  const auto end = ip_port_of(endpoint);
  if (!end) {
    return tl::unexpected(EINVAL);
  }
  if (!end->address.is_any() && !ways.has(end->address)) {
    return tl::unexpected(EADDRNOTAVAIL);
  }
  if (end->port != 0 && end->port < first_unprivileged && who.user != 0) {
    return tl::unexpected(EACCES);
  }
  return *end;
}

Errno<IpPort> Stack::peer_of(const host::Endpoint& endpoint) const {
  auto peer = ip_port_of(endpoint);
  if (!peer) {
    return tl::unexpected(EINVAL);
  }
  if (peer->address.is_any()) {
    peer->address = IpAddress::loopback(peer->address.family);
  }
  if (const int error = ways.error_at_once(peer->address); error != 0) {
    return tl::unexpected(error);
  }
  return *peer;
}

Errno<IpPort> Stack::end_to_connect_from(const IpPort& peer,
                                         const std::optional<host::Endpoint>& wanted,
                                         const Identity& who) const {
  const IpPort any{.address = ways.source_for(peer.address)};
  if (!wanted) {
    return any;
  }
  auto end = end_to_bind(*wanted, who);
  if (end && end->address.is_any()) {
    end->address = any.address;
  }
  if (end && end->address.family != peer.address.family) {
    return tl::unexpected(EINVAL);
  }
  return end;
}

}  // namespace sim
