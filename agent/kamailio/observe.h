#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/host/result.h"
#include "agent/kamailio/checks.h"
#include "agent/kamailio/evidence.h"
#include "agent/kamailio/parameters.h"

namespace kamailio {

// Looks for the instance's processes. If the PID file names one, the process table is not walked.
// If there are none but some that are exiting, waits for their end, until `patience` at the latest.
// Error: the process table cannot be read, so nothing can be said.
[[nodiscard]] host::Result<Evidence> look_at_processes(const host::Host& host,
                                                       const Parameters& parameters,
                                                       host::TimePoint patience);

// The same, and runs the checks if there is a main process, until the deadline. If they find
// anything wrong, the processes are looked at once more: a server that has ended meanwhile is not a
// sick one, and one that has been restarted meanwhile is asked again.
[[nodiscard]] host::Result<Evidence> observe(const host::Host& host, const Parameters& parameters,
                                             Depth depth, host::TimePoint deadline,
                                             host::TimePoint patience);

}  // namespace kamailio
