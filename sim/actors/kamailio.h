#pragma once

#include "sim/actors/profile.h"
#include "sim/stages/stage.h"

#include <memory>

namespace sim {

// The program kamailio: checks a configuration (-c), or becomes a server with a main process and
// its children. What it does and prints is that of Kamailio 5.6
// (fixtures/recordings/kamailio.yaml). A profile that changes has its effect on a running server.
[[nodiscard]] Life kamailio(std::shared_ptr<const KamailioProfile> profile);

}  // namespace sim
