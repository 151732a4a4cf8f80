#pragma once

#include "agent/host/result.h"
#include "sim/calibration/player.h"
#include "sim/calibration/situation.h"

#include <functional>
#include <vector>

namespace calibration {

// A situation to be played, and who is told what was seen.
struct Job {
  Player& player;
  const Situation& situation;
  std::function<void(const host::Result<Observation>&)> tell;
};

// Plays several situations at a time: the slow ones, which mostly sleep, all at once beside so many
// of the others. One of them is told of at a time.
void play_all(const std::vector<Job>& jobs, unsigned at_a_time);

}  // namespace calibration
