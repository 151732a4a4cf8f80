#pragma once

#include "agent/host/network.h"
#include "sim/actors/profile.h"
#include "sim/stages/stage.h"

#include <vector>

namespace sim {

// A SIP server that does nothing but answer as it was told, at these places.
[[nodiscard]] Life sip_responder(std::vector<host::Endpoint> places, SipBehaviour behaviour);

// The same on the sockets on which the process listens already.
[[nodiscard]] Task<int> answer_requests(Stage& me, SipBehaviour behaviour);

}  // namespace sim
