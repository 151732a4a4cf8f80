#include "sim/setup/sip_endpoint.h"

#include "agent/base/number.h"

#include <arpa/inet.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

namespace sim {
namespace {

using host::Endpoint;

bool is_ip_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes = {};
  return ::inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

tl::unexpected<std::string> invalid(const std::string& word) {
  return tl::unexpected("invalid address \"" + word +
                        "\": expected udp:ADDRESS:PORT or tcp:ADDRESS:PORT, as "
                        "udp:127.0.0.1:5070 or tcp:[::1]:5070");
}

std::string in_brackets(const std::string& address) {
  return address.find(':') == std::string::npos ? address : "[" + address + "]";
}

std::string request_to(const Endpoint& at) {
  return "OPTIONS sip:monitor@" + in_brackets(at.address) +
         " SIP/2.0\r\n"
         "Via: SIP/2.0/" +
         (at.kind == Endpoint::Kind::udp ? "UDP" : "TCP") +
         " 127.0.0.1:9;branch=z9hG4bKask;rport\r\n"
         "From: <sip:ask@127.0.0.1>;tag=1\r\n"
         "To: <sip:monitor@127.0.0.1>\r\n"
         "Call-ID: ask@127.0.0.1\r\n"
         "CSeq: 1 OPTIONS\r\n"
         "Max-Forwards: 70\r\n"
         "Content-Length: 0\r\n\r\n";
}

std::string word_of(const host::Error& error) {
  return error.kind == host::ErrorKind::refused ? "refused" : error.text;
}

}  // namespace

tl::expected<Endpoint, std::string> endpoint_in(const std::string& word) {
  std::string_view rest = word;
  const bool is_udp = rest.starts_with("udp:");
  if (!is_udp && !rest.starts_with("tcp:")) {
    return invalid(word);
  }
  rest.remove_prefix(std::string_view("udp:").size());
  const auto colon = rest.rfind(':');
  if (colon == std::string_view::npos) {
    return invalid(word);
  }
  const auto port = rest.substr(colon + 1);
  std::string_view address = rest.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  } else if (address.find(':') != std::string_view::npos) {
    return invalid(word);
  }
  const auto number = base::number_in<std::uint16_t>(port);
  if (!number) {
    return tl::unexpected(word + ": invalid port \"" + std::string(port) +
                          "\": expected a whole number from 0 to 65535");
  }
  Endpoint endpoint{.kind = is_udp ? Endpoint::Kind::udp : Endpoint::Kind::tcp,
                    .address = std::string(address),
                    .port = *number};
  if (!is_ip_address(endpoint.address)) {
    return tl::unexpected(word + ": invalid IP address \"" + endpoint.address +
                          "\": expected one as 127.0.0.1 or [::1]");
  }
  return endpoint;
}

std::string word_of(const Endpoint& endpoint) {
  return std::string(endpoint.kind == Endpoint::Kind::udp ? "udp:" : "tcp:") +
         in_brackets(endpoint.address) + ":" + std::to_string(endpoint.port);
}

std::string ask_options(host::Network& network, const Endpoint& at, host::TimePoint deadline) {
  const auto request = request_to(at);
  const auto conversation = network.open(at);
  if (!conversation) {
    return word_of(conversation.error());
  }
  if (at.kind == Endpoint::Kind::udp) {
    if (const auto sent = network.send(*conversation, request); !sent) {
      return word_of(sent.error());
    }
  }
  for (;;) {
    const auto event = network.next(deadline);
    if (std::holds_alternative<host::Connected>(event)) {
      (void)network.send(*conversation, request);  // a failure is reported as an event
    } else if (const auto* const received = std::get_if<host::Received>(&event)) {
      return received->bytes.substr(0, received->bytes.find('\r'));
    } else if (const auto* const ended = std::get_if<host::Ended>(&event)) {
      return word_of(ended->error);
    } else {
      return "nothing";
    }
  }
}

}  // namespace sim
