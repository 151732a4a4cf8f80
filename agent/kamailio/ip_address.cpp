#include "agent/kamailio/ip_address.h"

#include <boost/asio/ip/address.hpp>
#include <boost/system/error_code.hpp>

namespace kamailio {

std::string IpAddress::as_host() const { return family == Family::ipv6 ? "[" + text + "]" : text; }

std::optional<IpAddress> parse_ip_address(std::string_view text) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(text), error);
  if (error || text.find('%') != std::string_view::npos) {
    return std::nullopt;
  }
  return IpAddress{.family = address.is_v4() ? IpAddress::Family::ipv4 : IpAddress::Family::ipv6,
                   .text = std::string(text),
                   .is_any = address.is_unspecified(),
                   .is_loopback = address == boost::asio::ip::address_v4::loopback()};
}

}  // namespace kamailio
