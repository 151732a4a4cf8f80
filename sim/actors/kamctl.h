#pragma once

#include "sim/actors/profile.h"
#include "sim/stages/stage.h"

namespace sim {

// The program kamctl as far as agents use it, `kamctl monitor 1`: asks Kamailio through its RPC
// FIFO, one call after the other (fixtures/recordings/kamctl.yaml).
[[nodiscard]] Life kamctl(KamctlProfile profile);

}  // namespace sim
