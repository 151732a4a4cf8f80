#pragma once

#include "sim/actors/kamailio_server.h"
#include "sim/stages/stage.h"

#include <string>

namespace sim {

struct PidFileClaim {
  bool is_ours = true;
  std::string log = {};
};

// daemonize(): what the PID file says decides before anything else is done. A FIFO in its place is
// waited for.
[[nodiscard]] Task<PidFileClaim> claim_pid_file(Stage& me, const KamailioServer& server);

}  // namespace sim
