#pragma once

#include "sim/calibration/player.h"

namespace calibration {

// Plays with the actors, in a simulated machine and in virtual time. Several threads may play at
// the same time.
class WorldPlayer : public Player {
 public:
  [[nodiscard]] host::Result<Observation> play(const Situation& situation) override;
};

}  // namespace calibration
