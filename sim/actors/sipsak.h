#pragma once

#include "sim/actors/profile.h"
#include "sim/stages/stage.h"

namespace sim {

// The program sipsak 0.9.8.1: sends OPTIONS over UDP or TCP and tells by its exit code what came
// (fixtures/recordings/sipsak.yaml). It knows no IPv6, and waits long.
[[nodiscard]] Life sipsak(SipsakProfile profile);

}  // namespace sim
