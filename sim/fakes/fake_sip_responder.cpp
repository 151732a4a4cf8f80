#include "sim/fakes/fake.h"
#include "sim/programs/programs.h"
#include "sim/setup/sip_endpoint.h"

#include <iostream>
#include <string>
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

sim::Task<int> play(sim::Stage& me, std::vector<Endpoint> places, sim::SipBehaviour behaviour) {
  for (const auto& place : places) {
    const auto socket = me.listen(place);
    if (!socket) {
      co_await me.write(sim::Stream::err, sim::word_of(place) + ": " + socket.error().text + "\n");
      co_return not_free;
    }
    const auto bound = me.local_endpoint(*socket);
    co_await me.write(sim::Stream::out,
                      "listening on " + sim::word_of(bound.value_or(place)) + "\n");
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
    const auto place = sim::endpoint_in(word);
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
