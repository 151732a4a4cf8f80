#include "sim/process/open_socket.h"
#include "sim/process/simulated_stage.h"

#include <memory>
#include <system_error>
#include <utility>

// Sockets and addresses of a process of the simulated machine.

namespace sim {
namespace {

using host::Endpoint;

}  // namespace

std::string SimulatedStage::host_name() const { return machine_.host_name; }

std::vector<std::string> SimulatedStage::own_addresses() const {
  return machine_.sockets.own_addresses();
}

host::Result<Descriptor> SimulatedStage::listen(const Endpoint& endpoint) {
  constexpr int backlog = 1024;
  const bool is_ip = endpoint.kind == Endpoint::Kind::udp || endpoint.kind == Endpoint::Kind::tcp;
  // If addresses are denied, the process gets a socket at a port that no client knows.
  const Endpoint nowhere{.kind = endpoint.kind, .address = "127.0.0.1"};
  const bool is_denied = is_ip && process().denied == host::Denied::addresses;
  auto socket =
      machine_.sockets.listen(is_denied ? nowhere : endpoint, process().identity, backlog);
  if (!socket) {
    return tl::unexpected(host::Error{.text = std::generic_category().message(socket.error())});
  }
  return add(std::make_shared<OpenSocket>(
      host::is_stream(endpoint.kind) ? OpenSocket::Kind::listener : OpenSocket::Kind::datagrams,
      *std::move(socket)));
}

host::Result<Descriptor> SimulatedStage::connect(const Endpoint& endpoint) {
  auto socket = machine_.sockets.connect(endpoint, process().identity);
  if (!socket) {
    return tl::unexpected(host::Error{.text = std::generic_category().message(socket.error())});
  }
  return add(std::make_shared<OpenSocket>(
      host::is_stream(endpoint.kind) ? OpenSocket::Kind::connecting : OpenSocket::Kind::client,
      *std::move(socket)));
}

}  // namespace sim
