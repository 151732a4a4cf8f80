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

  // The form in a SIP URI: an IPv6 address in brackets (RFC 3261, section 25.1, "host").
  [[nodiscard]] std::string as_host() const;

  // Whether `other` is a form of the same address.
  [[nodiscard]] bool is(std::string_view other) const;

  friend bool operator==(const IpAddress&, const IpAddress&) = default;
};

// Parses an IPv4 address in dotted decimal form, or an IPv6 address without brackets and zone.
[[nodiscard]] std::optional<IpAddress> parse_ip_address(std::string_view text);

}  // namespace kamailio
