#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/host/process_table.h"
#include "agent/host/result.h"
#include "agent/kamailio/parameters.h"

#include <vector>

namespace kamailio {

// Ends all processes of the instance: SIGTERM, again and again (and SIGCONT, so that a stopped one
// can obey), from `kill_at` on SIGKILL, and looks again until the process table shows none. Returns
// as soon as the last is gone, at the deadline at the latest, with those that still live. Errors:
// not_permitted if this user may not signal one of them; otherwise the process table cannot be
// read.
[[nodiscard]] host::Result<std::vector<host::Process>> terminate_instance(
    const host::Host& host, const Parameters& parameters, host::TimePoint kill_at,
    host::TimePoint deadline);

}  // namespace kamailio
