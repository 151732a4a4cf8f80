#include "sim/calibration/real/player.h"

#include "sim/calibration/play.h"

#include <utility>

namespace calibration {

RealPlayer::RealPlayer(Programs programs) : programs_(std::move(programs)) {}

host::Result<Observation> RealPlayer::play(const Situation& situation) {
  RealGround ground(programs_);
  return calibration::play(situation, ground);
}

}  // namespace calibration
