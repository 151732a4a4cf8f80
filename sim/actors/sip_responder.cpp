#include "sim/actors/sip_responder.h"

#include "sim/actors/sip_server.h"

#include <map>
#include <utility>
#include <variant>

namespace sim {
namespace {

constexpr const char* server_header = "responder";

Task<int> play(Stage& me, std::vector<host::Endpoint> places, SipBehaviour behaviour) {
  for (const auto& place : places) {
    const auto socket = me.listen(place);
    if (!socket) {
      co_await me.write(Stream::err, place.address + ":" + std::to_string(place.port) + ": " +
                                         socket.error().text + "\n");
      co_return 1;
    }
  }
  std::map<Descriptor, Requests> connections;
  for (;;) {
    const auto event = co_await me.next();
    if (const auto* const datagram = std::get_if<GotDatagram>(&event)) {
      co_await answer(me, datagram->socket, Way::datagram, datagram->bytes, behaviour,
                      server_header);
    } else if (const auto* const end = std::get_if<GotEnd>(&event)) {
      connections.erase(end->descriptor);
      me.close(end->descriptor);
    } else if (const auto* const bytes = std::get_if<GotBytes>(&event)) {
      auto& requests = connections[bytes->descriptor];
      requests.append(bytes->bytes);
      for (auto request = requests.next(); !request.empty(); request = requests.next()) {
        co_await answer(me, bytes->descriptor, Way::stream, request, behaviour, server_header);
      }
    }
  }
}

}  // namespace

Life sip_responder(std::vector<host::Endpoint> places, SipBehaviour behaviour) {
  return [places = std::move(places), behaviour = std::move(behaviour)](Stage& me) {
    return play(me, places, behaviour);
  };
}

}  // namespace sim
