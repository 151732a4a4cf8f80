#pragma once

#include "sim/calibration/player.h"
#include "sim/calibration/real/ground.h"

namespace calibration {

// Plays on the machine on which it runs, as root, with the programs at these places. It takes the
// machine for its own and plays one situation: ci/in-node makes such a machine.
class RealPlayer : public Player {
 public:
  explicit RealPlayer(Programs programs);

  [[nodiscard]] host::Result<Observation> play(const Situation& situation) override;

 private:
  Programs programs_;
};

}  // namespace calibration
