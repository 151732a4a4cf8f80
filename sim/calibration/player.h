#pragma once

#include "agent/host/result.h"
#include "sim/calibration/situation.h"

namespace calibration {

// Plays situations: on the real machine, in a simulated world, or with other programs.
class Player {
 public:
  virtual ~Player() = default;

  // Begins with a machine on which nothing has happened yet: no files in /run, /tmp and
  // /etc/kamailio, but the directory /run/kamailio, mode 0770, of user and group kamailio; no
  // processes, and the addresses 127.0.0.1, ::1 and 192.168.159.128. An error says what could not
  // be set up.
  [[nodiscard]] virtual host::Result<Observation> play(const Situation& situation) = 0;
};

}  // namespace calibration
