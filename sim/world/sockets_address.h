#pragma once

#include "agent/host/network.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>

namespace sim {

// An address of IPv4 or IPv6, which can be spelled in more than one way.
struct IpAddress {
  enum class Family : std::uint8_t { v4, v6 };

  Family family = Family::v4;
  std::array<std::uint8_t, 16> bytes = {};  // of which IPv4 has the first four

  // Nothing if the text is no address.
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

}  // namespace sim
