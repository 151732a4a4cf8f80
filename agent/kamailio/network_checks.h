#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/host/process_table.h"
#include "agent/kamailio/checks.h"
#include "agent/kamailio/parameters.h"

#include <vector>

namespace kamailio {

// The checks that need no other program, all at the same time: with probe=builtin, OPTIONS over
// each transport of proto; if there is an RPC socket, what the server says of itself there.
[[nodiscard]] Findings ask_over_network(const host::Host& host, const Parameters& parameters,
                                        const host::ProcessId& main, Depth depth,
                                        host::TimePoint deadline);

// For probe=sipsak, which takes any SIP response that reaches its port, from whatever address: asks
// the same over a socket that hears this server alone, with a branch that nobody else can know
// (RFC 3261, section 8.1.1.7). Any final response will do.
[[nodiscard]] std::vector<Check> confirm_over_network(const host::Host& host,
                                                      const Parameters& parameters,
                                                      host::TimePoint deadline);

// Who else gets SIP requests that are sent to the instance over UDP.
[[nodiscard]] std::vector<host::Rival> find_rivals(const host::Host& host,
                                                   const Parameters& parameters,
                                                   const host::ProcessId& main);

}  // namespace kamailio
