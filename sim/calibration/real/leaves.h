#pragma once

#include "sim/calibration/situation.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace calibration {

// What is there on this machine.

// The executable of a server, and what belongs to the player.
struct Surroundings {
  std::string server;
  std::set<int> own_pids;
  std::vector<Endpoint> own_endpoints;
};

struct RealProcess {
  int pid = 0;
  int parent = 0;
  char state = '?';
  std::string name;
  std::string executable;
  unsigned user = 0;
};

// Not the zombies.
[[nodiscard]] std::vector<RealProcess> living_processes();
[[nodiscard]] std::vector<RealProcess> server_processes(const Surroundings& surroundings);

// Pids of a server's processes, in ascending order.
[[nodiscard]] std::vector<int> receivers(Receiver receiver, const Surroundings& surroundings);

[[nodiscard]] Leaves look_around(const Surroundings& surroundings);

}  // namespace calibration
