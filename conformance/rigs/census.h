#pragma once

#include "agent/host/clock.h"
#include "conformance/scenario/facts.h"
#include "sim/setup/scenario.h"

#include <functional>
#include <string>
#include <vector>

namespace conformance {

// The processes, files and sockets of a machine, before they are translated into facts.

struct CensusProcess {
  enum class Of { server, player, others };

  int pid = 0;
  int parent = 0;
  std::string name;
  std::string user;
  bool is_stopped = false;
  bool is_busy = false;  // running or runnable
  Of of = Of::others;
};

struct CensusFile {
  LeftFile file;
  std::string text;  // of a regular file
};

struct Census {
  std::vector<CensusProcess> processes;  // all living processes, by PID
  std::vector<CensusFile> files;         // below /run and /tmp, by path
  std::vector<host::Endpoint> listens;   // without those of the player
};

[[nodiscard]] Leaves leaves_in(const Census& census);

// Pids of the servers' processes, in ascending order.
[[nodiscard]] std::vector<int> receivers(sim::Whom whom, const Census& census);

// The player's access to its machine and its clock.
struct Lookout {
  std::function<Census()> look;
  std::function<host::TimePoint()> now;
  std::function<void(host::Duration)> wait;
};

struct Settled {
  Leaves leaves;
  host::TimePoint since;
};

// The census after nothing has changed for this time while no process was busy, or after ten
// seconds.
[[nodiscard]] Settled settle(const Lookout& lookout,
                             host::Duration unchanged = std::chrono::milliseconds(300));

}  // namespace conformance
