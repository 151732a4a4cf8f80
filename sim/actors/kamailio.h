#pragma once

#include "sim/actors/profile.h"
#include "sim/stages/stage.h"

namespace sim {

// The program kamailio: checks a configuration (-c), or becomes a server with a main process and
// its children. What it does and prints is that of Kamailio 5.6
// (fixtures/recordings/kamailio.yaml).
[[nodiscard]] Life kamailio(KamailioProfile profile);

}  // namespace sim
