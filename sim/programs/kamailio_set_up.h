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

// The part of Kamailio before it is a server, which is all of -c: reads the configuration, and
// determines the listeners. The first error counts.
[[nodiscard]] std::optional<KamailioRefusal> set_up_kamailio(Stage& me, KamailioServer& server);

struct PidFileClaim {
  bool is_ours = true;
  std::string log = {};
};

// daemonize(): checks the PID file first. Blocks on a FIFO in its place.
[[nodiscard]] Task<PidFileClaim> claim_pid_file(Stage& me, const KamailioServer& server);

}  // namespace sim
