#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/host/result.h"
#include "agent/kamailio/checks.h"
#include "agent/kamailio/evidence.h"
#include "agent/kamailio/parameters.h"

namespace kamailio {

// Looks for the instance's processes. If the PID file names one, the process table is not read. If
// all that are found are exiting, waits for their end, at most until `patience`. Error: the process
// table cannot be read, so nothing is known.
[[nodiscard]] host::Result<Evidence> look_at_processes(const host::Host& host,
                                                       const Parameters& parameters,
                                                       host::TimePoint patience);

// The same, and runs the checks until the deadline if there is a main process. If a check fails,
// looks at the processes once more: a server that has ended meanwhile is reported as ended, and one
// that has been restarted meanwhile is checked again.
[[nodiscard]] host::Result<Evidence> observe(const host::Host& host, const Parameters& parameters,
                                             Depth depth, host::TimePoint deadline,
                                             host::TimePoint patience);

}  // namespace kamailio
