#pragma once

#include "sim/process/stage.h"
#include "sim/programs/kamailio_server.h"

#include <optional>
#include <string>

namespace sim {

struct KamailioRefusal {
  static constexpr int usual_exit_code = 255;

  std::string text;
  int exit_code = usual_exit_code;
};

// What Kamailio does before it becomes a server, and all that -c does: reads its configuration, and
// finds out where to listen. Of several things that are wrong the first one counts.
[[nodiscard]] std::optional<KamailioRefusal> set_up_kamailio(Stage& me, KamailioServer& server);

struct PidFileClaim {
  bool is_ours = true;
  std::string log = {};
};

// daemonize(): what the PID file says decides before anything else is done. A FIFO in its place is
// waited for.
[[nodiscard]] Task<PidFileClaim> claim_pid_file(Stage& me, const KamailioServer& server);

}  // namespace sim
