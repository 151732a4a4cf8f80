#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/host/result.h"
#include "agent/kamailio/census.h"
#include "agent/kamailio/parameters.h"

namespace kamailio {

// Ends all processes of the instance: sends SIGTERM repeatedly (and SIGCONT, so that a stopped
// process can obey), from `kill_at` on SIGKILL, and looks again until the process table shows none.
// A process that may belong to the instance gets no signal; its end is awaited. A tracer of the
// service's own user that holds a killed process in its exit gets SIGKILL, too. Returns as soon as
// the last is gone, at the latest at the deadline, with those that are still alive. Retries after
// an error until the deadline; then returns the last one: not_permitted if this user may not signal
// one of them, `failed` if the process table cannot be read.
[[nodiscard]] host::Result<Census> terminate_instance(const host::Host& host,
                                                      const Parameters& parameters,
                                                      host::TimePoint kill_at,
                                                      host::TimePoint deadline);

}  // namespace kamailio
