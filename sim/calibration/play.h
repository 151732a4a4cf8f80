#pragma once

#include "agent/host/result.h"
#include "sim/calibration/ground.h"
#include "sim/calibration/situation.h"

namespace calibration {

// Plays a situation on a ground on which nothing has happened yet. An error says what could not be
// set up.
[[nodiscard]] host::Result<Observation> play(const Situation& situation, Ground& ground);

}  // namespace calibration
