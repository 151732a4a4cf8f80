#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/host/process_table.h"
#include "agent/kamailio/checks.h"
#include "agent/kamailio/parameters.h"

namespace kamailio {

// The checks that need no other program, all at the same time: with probe=builtin, OPTIONS over
// each transport of proto; if there is an RPC socket, what the server says of itself there.
[[nodiscard]] Findings ask_over_network(const host::Host& host, const Parameters& parameters,
                                        const host::ProcessId& main, Depth depth,
                                        host::TimePoint deadline);

}  // namespace kamailio
