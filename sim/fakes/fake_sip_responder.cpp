// fake-sip-responder PLACE...
//
// Answers SIP requests at places such as udp:127.0.0.1:5060 or tcp:[::1]:5060 until it is ended.
// What it answers stands in the table `responder` of its profile.

#include "sim/actors/kamailio_arguments.h"
#include "sim/actors/sip_responder.h"
#include "sim/fakes/fake.h"

#include <string>
#include <utility>
#include <vector>

namespace {

sim::Task<int> play(sim::Stage& me, sim::SipBehaviour behaviour) {
  // The places are written as after Kamailio's -l.
  std::vector<std::string> words = {"kamailio"};
  for (std::size_t i = 1; i < me.arguments().size(); ++i) {
    words.insert(words.end(), {"-l", me.arguments()[i]});
  }
  const auto arguments = sim::parse_kamailio_arguments(words);
  if (!arguments.refusal.empty() || arguments.listeners.empty()) {
    co_await me.write(sim::Stream::err,
                      "usage: fake-sip-responder udp:ADDRESS:PORT|tcp:ADDRESS:PORT...\n");
    co_return 2;
  }
  const auto responder = sim::sip_responder(arguments.listeners, std::move(behaviour));
  co_return co_await responder(me);
}

}  // namespace

int main(int argc, char** argv) {
  return sim::play_fake(argc, argv, [](const sim::Profile& profile) -> sim::Life {
    return [behaviour = profile.responder](sim::Stage& me) { return play(me, behaviour); };
  });
}
