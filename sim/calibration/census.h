#pragma once

#include "sim/calibration/situation.h"

#include <string>
#include <vector>

namespace calibration {

// What there is on a machine, before it is said in the words of the recordings.

struct SeenProcess {
  enum class Of { server, player, others };

  int pid = 0;
  int parent = 0;
  std::string name;
  std::string user;
  bool is_stopped = false;
  bool is_busy = false;  // runs, or would if a processor were free
  Of of = Of::others;
};

struct SeenFile {
  std::string path;
  std::string is;  // as in LeftFile
  Access access;
  std::string text;  // of a PID file
};

struct Census {
  std::vector<SeenProcess> processes;  // all that live, by pid
  std::vector<SeenFile> files;         // below /run and /tmp, by path
  std::vector<Endpoint> listens;       // but for those of the player, in the order of their words
};

[[nodiscard]] Leaves leaves_in(const Census& census);

// Somebody has something to do, so that there may soon be something else to see.
[[nodiscard]] bool is_busy(const Census& census);

// Pids of a server's processes, in ascending order.
[[nodiscard]] std::vector<int> receivers(Receiver receiver, const Census& census);

}  // namespace calibration
