#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/host/process_table.h"
#include "agent/kamailio/parameters.h"
#include "agent/ocf/outcome.h"

#include <optional>
#include <string>

namespace kamailio {

// Starts the daemon: clears the way (stale PID file, missing directory), launches, and returns when
// Kamailio says that it is initialised (its launched process exits with 0). On a failure the reason
// has Kamailio's own words. To be called only when no process of the instance lives.
[[nodiscard]] ocf::Outcome launch(const host::Host& host, const Parameters& parameters,
                                  const std::string& binary, host::TimePoint deadline);

// A process that uses the instance's PID file and is not the instance: another program with -P and
// this file, which the file names.
[[nodiscard]] std::optional<host::Process> stranger_in_pid_file(const host::Host& host,
                                                                const Parameters& parameters);

// Why it cannot run, in Kamailio's own words, for a daemon that has ended without saying so where
// the agent can read it: with log_stderror=no, the usual setting, it speaks to syslog alone. Runs
// it once more in the foreground with its log on standard error, for at most two seconds. Empty if
// that tells nothing. To be called only when no process of the instance lives.
[[nodiscard]] std::string diagnose(const host::Host& host, const Parameters& parameters,
                                   const std::string& binary, host::TimePoint deadline);

}  // namespace kamailio
