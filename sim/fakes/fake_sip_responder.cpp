// fake-sip-responder PLACE...
//
// Answers SIP requests at places such as udp:127.0.0.1:5060 or tcp:[::1]:5060 until it is ended.
// What it answers stands in the table `responder` of its profile.

#include "sim/actors/kamailio_arguments.h"
#include "sim/actors/sip_responder.h"
#include "sim/fakes/fake.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

// Nothing if it is no such place.
std::optional<host::Endpoint> place_in(const std::string& word) {
  const auto listener = sim::KamailioListener::parse(word);
  constexpr int highest_port = 65'535;
  if (!listener || listener->protocol.empty() || listener->port > highest_port) {
    return std::nullopt;
  }
  std::string address = listener->host;
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  return host::Endpoint{
      .kind = listener->protocol == "udp" ? host::Endpoint::Kind::udp : host::Endpoint::Kind::tcp,
      .address = address,
      .port = static_cast<std::uint16_t>(listener->port)};
}

sim::Task<int> play(sim::Stage& me, sim::SipBehaviour behaviour) {
  std::vector<host::Endpoint> places;
  for (std::size_t i = 1; i < me.arguments().size(); ++i) {
    if (const auto place = place_in(me.arguments()[i])) {
      places.push_back(*place);
    }
  }
  if (places.empty() || places.size() + 1 != me.arguments().size()) {
    co_await me.write(sim::Stream::err,
                      "usage: fake-sip-responder udp:ADDRESS:PORT|tcp:ADDRESS:PORT...\n");
    co_return 2;
  }
  const auto responder = sim::sip_responder(std::move(places), std::move(behaviour));
  co_return co_await responder(me);
}

}  // namespace

int main(int argc, char** argv) {
  return sim::play_fake(argc, argv, [](const sim::Profile& profile) -> sim::Life {
    return [behaviour = profile.responder](sim::Stage& me) { return play(me, behaviour); };
  });
}
