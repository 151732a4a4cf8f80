#include "sim/calibration/world_player.h"

#include "sim/calibration/play.h"
#include "sim/calibration/world_ground.h"

namespace calibration {

host::Result<Observation> WorldPlayer::play(const Situation& situation) {
  WorldGround ground;
  return calibration::play(situation, ground);
}

}  // namespace calibration
