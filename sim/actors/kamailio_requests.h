#pragma once

#include "sim/actors/kamailio_server.h"
#include "sim/actors/profile.h"

#include <string_view>

namespace sim {

// What the server does with a request: what its profile says or, without a word there, what the
// routes of its configuration do.
[[nodiscard]] SipBehaviour behaviour_towards(const KamailioServer& server,
                                             std::string_view request);

}  // namespace sim
