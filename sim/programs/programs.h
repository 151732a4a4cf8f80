#pragma once

#include "agent/host/network.h"
#include "sim/process/stage.h"
#include "sim/programs/profile.h"

#include <memory>
#include <vector>

namespace sim {

// The program kamailio: checks a configuration (-c), or becomes a server with a main process and
// its children. Behaviour and output are those of Kamailio 5.6 (fixtures/recordings/kamailio.yaml).
// A change of the profile affects a running server.
[[nodiscard]] Life kamailio(std::shared_ptr<const KamailioProfile> profile);

// The part of kamctl that agents use, `kamctl monitor 1`: queries Kamailio through its RPC FIFO,
// one call after the other (fixtures/recordings/kamctl.yaml).
[[nodiscard]] Life kamctl(KamctlProfile profile);

// The program sipsak 0.9.8.1: sends OPTIONS over UDP or TCP, and reports the reply by its exit code
// (fixtures/recordings/sipsak.yaml). It does not support IPv6, and waits long.
[[nodiscard]] Life sipsak(SipsakProfile profile);

// A SIP server that only sends the configured replies, at these addresses.
[[nodiscard]] Life sip_responder(std::vector<host::Endpoint> places, SipBehaviour behaviour);

// The same on sockets that the process has already opened.
[[nodiscard]] Task<int> answer_requests(Stage& me, SipBehaviour behaviour);

}  // namespace sim
