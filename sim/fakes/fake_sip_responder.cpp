#include "agent/base/number.h"
#include "agent/posix/socket_address.h"
#include "sim/actors/sip_responder.h"
#include "sim/fakes/fake.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using host::Endpoint;

constexpr const char* usage =
    "usage: fake-sip-responder PLACE...\n"
    "\n"
    "Answers SIP requests at places such as udp:127.0.0.1:5070 or tcp:[::1]:5070 until it is\n"
    "ended, and tells on standard output once it listens there. Port 0 is any that is free. What\n"
    "it answers stands in the table `responder` of the file that SIM_PROFILE names.\n";

constexpr int bad_place = 2;
constexpr int not_free = 1;

// With IPv6 in brackets, as places are given.
std::string place_of(const Endpoint& endpoint) {
  const bool is_ipv6 = endpoint.address.find(':') != std::string::npos;
  return std::string(endpoint.kind == Endpoint::Kind::udp ? "udp:" : "tcp:") +
         (is_ipv6 ? "[" + endpoint.address + "]" : endpoint.address) + ":" +
         std::to_string(endpoint.port);
}

using Place = tl::expected<Endpoint, std::string>;  // or what is wrong

Place no_place(const std::string& word) {
  return tl::unexpected("\"" + word +
                        "\" is no place: it has to be udp:ADDRESS:PORT or tcp:ADDRESS:PORT, as "
                        "udp:127.0.0.1:5070 or tcp:[::1]:5070");
}

Place endpoint_of(const std::string& word, Endpoint::Kind kind, const std::string& address,
                  const std::string& port) {
  const auto number = base::number_in<std::uint16_t>(port);
  if (!number) {
    return tl::unexpected(word + ": \"" + port +
                          "\" is no port: it has to be a whole number from 0 to 65535");
  }
  Endpoint endpoint{.kind = kind, .address = address, .port = *number};
  if (!posix::address_of(endpoint)) {
    return tl::unexpected(word + ": \"" + address + "\" is no IP address, as 127.0.0.1 or [::1]");
  }
  return endpoint;
}

Place place_in(const std::string& word) {
  std::string_view rest = word;
  const bool is_udp = rest.starts_with("udp:");
  if (!is_udp && !rest.starts_with("tcp:")) {
    return no_place(word);
  }
  rest.remove_prefix(std::string_view("udp:").size());
  const auto colon = rest.rfind(':');
  if (colon == std::string_view::npos) {
    return no_place(word);
  }
  std::string_view address = rest.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  } else if (address.find(':') != std::string_view::npos) {
    return no_place(word);
  }
  return endpoint_of(word, is_udp ? Endpoint::Kind::udp : Endpoint::Kind::tcp, std::string(address),
                     std::string(rest.substr(colon + 1)));
}

sim::Task<int> play(sim::Stage& me, std::vector<Endpoint> places, sim::SipBehaviour behaviour) {
  for (const auto& place : places) {
    const auto socket = me.listen(place);
    if (!socket) {
      co_await me.write(sim::Stream::err, place_of(place) + ": " + socket.error().text + "\n");
      co_return not_free;
    }
    const auto bound = me.local_endpoint(*socket);
    co_await me.write(sim::Stream::out, "listening on " + place_of(bound.value_or(place)) + "\n");
  }
  co_return co_await sim::answer_requests(me, std::move(behaviour));
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty()) {
    std::cerr << usage;
    return bad_place;
  }
  std::vector<Endpoint> places;
  for (const auto& word : words) {
    if (word == "--help" || word == "-h") {
      std::cout << usage;
      return 0;
    }
    const auto place = place_in(word);
    if (!place) {
      std::cerr << place.error() << '\n';
      return bad_place;
    }
    places.push_back(*place);
  }
  return sim::play_fake(argc, argv, [&](const auto& profile) -> sim::Life {
    return [&places, behaviour = profile->responder](sim::Stage& me) {
      return play(me, places, behaviour);
    };
  });
}
