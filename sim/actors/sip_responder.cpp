#include "sim/actors/sip_responder.h"

#include "sim/actors/sip_server.h"

#include <map>
#include <string>
#include <utility>
#include <variant>

namespace sim {
namespace {

constexpr const char* server_header = "responder";

class Responder {
 public:
  Responder(Stage& me, SipBehaviour behaviour) : me_(me), behaviour_(std::move(behaviour)) {}

  Task<int> serve() {
    for (;;) {
      const auto event = co_await me_.next();
      if (const auto* const datagram = std::get_if<GotDatagram>(&event)) {
        (void)co_await answer(me_, datagram->socket, Way::datagram, datagram->bytes, count_++,
                              behaviour_, server_header);
      } else if (const auto* const bytes = std::get_if<GotBytes>(&event)) {
        co_await take(*bytes);
      } else if (const auto* const end = std::get_if<GotEnd>(&event)) {
        connections_.erase(end->descriptor);
        me_.close(end->descriptor);
      }
    }
  }

 private:
  Task<void> take(GotBytes bytes) {
    auto& requests = connections_[bytes.descriptor];
    requests.append(bytes.bytes);
    for (auto request = requests.next(); !request.empty(); request = requests.next()) {
      const bool is_open = co_await answer(me_, bytes.descriptor, Way::stream, request, count_++,
                                           behaviour_, server_header);
      if (!is_open) {
        connections_.erase(bytes.descriptor);
        co_return;
      }
    }
  }

  Stage& me_;
  SipBehaviour behaviour_;
  int count_ = 0;  // of requests
  std::map<Descriptor, Requests> connections_;
};

Task<int> play(Stage& me, std::vector<host::Endpoint> places, SipBehaviour behaviour) {
  for (const auto& place : places) {
    const auto socket = me.listen(place);
    if (!socket) {
      co_await me.write(Stream::err, host::text_of(place) + ": " + socket.error().text + "\n");
      co_return 1;
    }
  }
  co_return co_await answer_requests(me, std::move(behaviour));
}

}  // namespace

Task<int> answer_requests(Stage& me, SipBehaviour behaviour) {
  Responder responder(me, std::move(behaviour));
  co_return co_await responder.serve();
}

Life sip_responder(std::vector<host::Endpoint> places, SipBehaviour behaviour) {
  return [places = std::move(places), behaviour = std::move(behaviour)](Stage& me) {
    return play(me, places, behaviour);
  };
}

}  // namespace sim
