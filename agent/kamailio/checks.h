#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/kamailio/evidence.h"
#include "agent/kamailio/parameters.h"

#include <vector>

namespace kamailio {

// Asks the instance for signs of life with the tools, side by side: "kamctl monitor 1" unless
// kamctlrc is empty, and sipsak once for each transport of proto. All end by the deadline, and as
// soon as the main process does.
[[nodiscard]] std::vector<Check> run_checks(const host::Host& host, const Parameters& parameters,
                                            const host::ProcessId& main, host::TimePoint deadline);

}  // namespace kamailio
