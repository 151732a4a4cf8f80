#pragma once

#include "sim/calibration/census.h"
#include "sim/calibration/situation.h"

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

// Not the zombies.
[[nodiscard]] std::vector<SeenProcess> living_processes(const Surroundings& surroundings);

[[nodiscard]] Census look_around(const Surroundings& surroundings);

}  // namespace calibration
