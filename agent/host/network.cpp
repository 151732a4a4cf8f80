#include "agent/host/network.h"

namespace host {

std::string text_of(const Endpoint& endpoint) {
  switch (endpoint.kind) {
    case Endpoint::Kind::udp:
      return "udp:" + endpoint.address + ":" + std::to_string(endpoint.port);
    case Endpoint::Kind::tcp:
      return "tcp:" + endpoint.address + ":" + std::to_string(endpoint.port);
    case Endpoint::Kind::unix_datagram:
    case Endpoint::Kind::unix_stream:
      return endpoint.address;
  }
  return {};
}

}  // namespace host
