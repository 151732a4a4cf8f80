#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace kamailio {

struct IpAddress {
  enum class Family { ipv4, ipv6 };

  Family family = Family::ipv4;
  std::string text;                          // as the user wrote it
  bool is_any = false;                       // 0.0.0.0 or ::, in any spelling
  bool is_loopback = false;                  // 127.0.0.1, in any spelling
  std::array<unsigned char, 16> bytes = {};  // in network order; of IPv4 the first four

  // As it stands in a SIP URI: an IPv6 address in brackets (RFC 3261, section 25.1, "host").
  [[nodiscard]] std::string as_host() const;

  // Whether the other spells the same address.
  [[nodiscard]] bool is(std::string_view other) const;

  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

// An IPv4 address as four decimal numbers, or an IPv6 address without brackets and without a zone.
[[nodiscard]] std::optional<IpAddress> parse_ip_address(std::string_view text);

}  // namespace kamailio
