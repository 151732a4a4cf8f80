#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/host/result.h"
#include "agent/kamailio/census.h"
#include "agent/kamailio/parameters.h"

namespace kamailio {

// Ends all processes of the instance: SIGTERM, again and again (and SIGCONT, so that a stopped one
// can obey), from `kill_at` on SIGKILL, and looks again until the process table shows none. A
// process that may belong to the instance gets no signal, and its end is waited for. A tracer of
// the service's own user that holds a killed process in its exit gets SIGKILL, too. Returns as soon
// as the last is gone, at the deadline at the latest, with those that still live. An error on the
// way is no reason to give up; the last one is returned if it is still there at the deadline:
// not_permitted if this user may not signal one of them, `failed` if the process table cannot be
// read.
[[nodiscard]] host::Result<Census> terminate_instance(const host::Host& host,
                                                      const Parameters& parameters,
                                                      host::TimePoint kill_at,
                                                      host::TimePoint deadline);

}  // namespace kamailio
