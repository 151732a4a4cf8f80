#pragma once

#include "sim/process/stage.h"
#include "sim/programs/kamailio_server.h"

#include <ctime>
#include <memory>
#include <vector>

namespace sim {

// The actors of a server's children, which run until they are told to end.

struct ChildLife {
  Stage& me;
  std::shared_ptr<const KamailioServer> server;
  host::TimePoint started;

  // Returns false if the child must end.
  [[nodiscard]] Task<bool> handle(GotSignal signal) const;
  // Whether it currently answers requests over this transport.
  [[nodiscard]] bool hears(KamailioProfile::Transport transport) const;
};

[[nodiscard]] Task<void> idle(ChildLife life);
[[nodiscard]] Task<void> receive_datagrams(ChildLife life, Descriptor socket);
// The TCP main process.
[[nodiscard]] Task<void> serve_connections(ChildLife life, std::vector<Descriptor> listeners);
// `table` receives the list of the server's processes.
[[nodiscard]] Task<void> serve_rpc(ChildLife life, Descriptor socket, Descriptor table,
                                   std::time_t up_since);

}  // namespace sim
