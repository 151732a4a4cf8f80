#pragma once

#include "sim/process/stage.h"
#include "sim/programs/kamailio_server.h"

#include <ctime>
#include <memory>
#include <vector>

namespace sim {

// What the children of a server do until they are told to end.

struct ChildLife {
  Stage& me;
  std::shared_ptr<const KamailioServer> server;
  host::TimePoint started;

  // False: it has to end.
  [[nodiscard]] Task<bool> handle(GotSignal signal) const;
  // Whether it answers what comes this way at this moment.
  [[nodiscard]] bool hears(KamailioProfile::Transport transport) const;
};

[[nodiscard]] Task<void> idle(ChildLife life);
[[nodiscard]] Task<void> receive_datagrams(ChildLife life, Descriptor socket);
// The tcp main process.
[[nodiscard]] Task<void> serve_connections(ChildLife life, std::vector<Descriptor> listeners);
// From `table` it learns of the server's processes.
[[nodiscard]] Task<void> serve_rpc(ChildLife life, Descriptor socket, Descriptor table,
                                   std::time_t up_since);

}  // namespace sim
