#pragma once

#include "agent/host/network.h"
#include "sim/process/stage.h"
#include "sim/programs/profile.h"

#include <memory>
#include <vector>

namespace sim {

// The program kamailio: checks a configuration (-c), or becomes a server with a main process and
// its children. What it does and prints is that of Kamailio 5.6
// (fixtures/recordings/kamailio.yaml). A profile that changes has its effect on a running server.
[[nodiscard]] Life kamailio(std::shared_ptr<const KamailioProfile> profile);

// The program kamctl as far as agents use it, `kamctl monitor 1`: asks Kamailio through its RPC
// FIFO, one call after the other (fixtures/recordings/kamctl.yaml).
[[nodiscard]] Life kamctl(KamctlProfile profile);

// The program sipsak 0.9.8.1: sends OPTIONS over UDP or TCP and tells by its exit code what came
// (fixtures/recordings/sipsak.yaml). It knows no IPv6, and waits long.
[[nodiscard]] Life sipsak(SipsakProfile profile);

// A SIP server that does nothing but answer as it was told, at these places.
[[nodiscard]] Life sip_responder(std::vector<host::Endpoint> places, SipBehaviour behaviour);

// The same on the sockets on which the process listens already.
[[nodiscard]] Task<int> answer_requests(Stage& me, SipBehaviour behaviour);

}  // namespace sim
