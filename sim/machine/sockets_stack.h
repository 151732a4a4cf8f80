#pragma once

#include "agent/host/network.h"
#include "sim/kernel/random.h"
#include "sim/kernel/scheduler.h"
#include "sim/machine/files.h"
#include "sim/machine/sockets.h"
#include "sim/machine/system_call.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace sim {

// An IPv4 or IPv6 address, which has more than one spelling.
struct IpAddress {
  enum class Family : std::uint8_t { v4, v6 };

  Family family = Family::v4;
  std::array<std::uint8_t, 16> bytes = {};  // IPv4 uses the first four

  // Nothing if the text is not an address.
  [[nodiscard]] static std::optional<IpAddress> parse(const std::string& text);
  [[nodiscard]] static IpAddress any(Family family) { return {.family = family}; }
  [[nodiscard]] static IpAddress loopback(Family family);

  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool is_any() const { return *this == any(family); }
  [[nodiscard]] bool is_loopback() const;

  friend bool operator==(const IpAddress&, const IpAddress&) = default;
  friend bool operator<(const IpAddress& a, const IpAddress& b) {
    return std::tie(a.family, a.bytes) < std::tie(b.family, b.bytes);
  }
};

struct IpPort {
  IpAddress address;
  std::uint16_t port = 0;

  friend bool operator==(const IpPort&, const IpPort&) = default;
  friend bool operator<(const IpPort& a, const IpPort& b) {
    return std::tie(a.address, a.port) < std::tie(b.address, b.port);
  }
};

[[nodiscard]] std::optional<IpPort> ip_port_of(const host::Endpoint& endpoint);
[[nodiscard]] host::Endpoint endpoint_of(host::Endpoint::Kind kind, const IpPort& end);

// A queue of bytes. Removing bytes costs only their own size, and compaction is amortised.
class Bytes {
 public:
  [[nodiscard]] std::size_t size() const { return bytes_.size() - taken_; }
  [[nodiscard]] bool is_empty() const { return size() == 0; }

  void append(std::string_view bytes) { bytes_.append(bytes); }

  [[nodiscard]] std::string take(std::size_t limit) {
    if (taken_ == 0 && limit >= bytes_.size()) {
      return std::exchange(bytes_, {});
    }
    auto result = bytes_.substr(taken_, limit);
    taken_ += result.size();
    if (taken_ >= bytes_.size() - taken_) {
      bytes_.erase(0, std::exchange(taken_, 0));
    }
    return result;
  }

  // Truncates the queue.
  void keep(std::size_t count) { bytes_.resize(taken_ + std::min(count, size())); }

 private:
  std::string bytes_;
  std::size_t taken_ = 0;
};

// The shared state of the sockets of one machine; internal to Sockets.

class TcpListener;
class UdpSocket;
struct Mailbox;

// Towards the listening end, or from it.
enum class Direction { request, answer };

// Routing, and the weather on the way.
class Ways {
 public:
  using Kind = host::Endpoint::Kind;

  explicit Ways(SeededRandom& random) : random_(random) {}

  void add_address(const IpAddress& address) { addresses_.insert(address); }
  void remove_address(const IpAddress& address) { addresses_.erase(address); }
  [[nodiscard]] bool has(const IpAddress& address) const {
    return address.is_loopback() || addresses_.contains(address);
  }
  // In addition to those of the loopback interface.
  [[nodiscard]] const std::set<IpAddress>& own_addresses() const { return addresses_; }
  // The source address for this destination.
  [[nodiscard]] IpAddress source_for(const IpAddress& destination) const;

  void set_default_route(Route route) { default_route_ = route; }
  void set_route(const IpAddress& address, Route route) { routes_[address] = route; }
  // Nothing if the address is the machine's own.
  [[nodiscard]] std::optional<Route> route_to(const IpAddress& destination) const;
  // The error of a call that sends to this address; 0: none.
  [[nodiscard]] int error_at_once(const IpAddress& destination) const;

  // The scope of weather: an end, all ports of an address (port 0), or all addresses.
  struct Place {
    Kind kind = Kind::udp;
    std::optional<IpAddress> address;
    std::uint16_t port = 0;
    friend bool operator<(const Place& a, const Place& b) {
      return std::tie(a.kind, a.address, a.port) < std::tie(b.kind, b.address, b.port);
    }
  };
  void set_weather(const Weather& weather) { weather_ = weather; }
  void set_weather(const Place& at, const Weather& weather) { weathers_[at] = weather; }
  void clear_weather(const Place& at) { weathers_.erase(at); }
  [[nodiscard]] const Weather& weather() const { return weather_; }
  // Nothing if no weather was set for that end.
  [[nodiscard]] const Weather* weather_at(Kind kind, const IpPort& end) const;

  // Random decisions for one packet.
  [[nodiscard]] bool loses(const Weather& weather, Direction direction);
  [[nodiscard]] Duration delay(const Weather& weather);
  [[nodiscard]] bool happens(double probability) {
    return probability > 0 && random_.happens(probability);
  }
  [[nodiscard]] Duration up_to(Duration most);

 private:
  SeededRandom& random_;
  std::set<IpAddress> addresses_;
  Route default_route_;
  std::map<IpAddress, Route> routes_;
  Weather weather_;
  std::map<Place, Weather> weathers_;
};

[[nodiscard]] bool is_silent(const Weather& weather, Direction direction);

// The assignment of ports to sockets.
template <typename Owner>
class Ports {
 public:
  void bind(const IpPort& end, Owner& owner) { owners_[end] = &owner; }
  void release(const IpPort& end) { owners_.erase(end); }

  // ip(7): a port of one address conflicts with that port of all addresses, and vice versa.
  [[nodiscard]] bool is_free(const IpPort& end) const {
    if (owners_.contains(end) || owners_.contains(with_any_address(end))) {
      return false;
    }
    return !end.address.is_any() || !is_used_with_any(end);
  }

  // The receiver of packets to this end; null if there is none.
  [[nodiscard]] Owner* find(const IpPort& end) const {
    auto found = owners_.find(end);
    if (found == owners_.end()) {
      found = owners_.find(with_any_address(end));
    }
    return found == owners_.end() ? nullptr : found->second;
  }

  [[nodiscard]] const std::map<IpPort, Owner*>& all() const { return owners_; }

 private:
  [[nodiscard]] static IpPort with_any_address(const IpPort& end) {
    return {.address = IpAddress::any(end.address.family), .port = end.port};
  }
  [[nodiscard]] bool is_used_with_any(const IpPort& end) const {
    for (const auto& [used, owner] : owners_) {
      if (used.port == end.port && used.address.family == end.address.family) {
        return true;
      }
    }
    return false;
  }

  std::map<IpPort, Owner*> owners_;
};

struct Stack {
  Stack(Scheduler& scheduler, SeededRandom& chance, Files& tree)
      : time(scheduler), random(chance), files(tree), ways(chance) {}

  Scheduler& time;
  SeededRandom& random;
  Files& files;
  Ways ways;
  Ports<UdpSocket> udp;
  Ports<TcpListener> tcp;
  std::set<IpPort> connecting_ends;           // of tcp
  std::map<std::string, Mailbox*> mailboxes;  // abstract addresses of unix datagram sockets
  std::multiset<std::pair<host::Endpoint::Kind, std::string>>
      unix_names;  // those that accept requests
  std::uint32_t last_mailbox = 0;
  bool is_off = false;  // the machine is shut down

  // Checks whether the caller may bind this end: EINVAL, EADDRNOTAVAIL or EACCES. Port 0 stays 0.
  [[nodiscard]] Errno<IpPort> end_to_bind(const host::Endpoint& endpoint,
                                          const Identity& who) const;

  // The destination of a connect: the machine itself for any address. EINVAL, or the immediate
  // error of a route.
  [[nodiscard]] Errno<IpPort> peer_of(const host::Endpoint& endpoint) const;
  [[nodiscard]] Errno<IpPort> end_to_connect_from(const IpPort& peer,
                                                  const std::optional<host::Endpoint>& wanted,
                                                  const Identity& who) const;

  // ip(7), ip_local_port_range: a free port at this address.
  template <typename IsFree>
  [[nodiscard]] std::uint16_t any_port(const IsFree& is_free) {
    constexpr std::uint32_t first = 32768;
    constexpr std::uint32_t count = 28232;
    const auto start = random.below(count);
    for (std::uint32_t turn = 0; turn < count; ++turn) {
      const auto port = static_cast<std::uint16_t>(first + (start + turn) % count);
      if (is_free(port)) {
        return port;
      }
    }
    return 0;
  }
};

}  // namespace sim
