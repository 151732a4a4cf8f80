#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/host/process_runner.h"
#include "agent/host/process_table.h"
#include "agent/kamailio/parameters.h"
#include "agent/ocf/outcome.h"

#include <tl/expected.hpp>

#include <optional>
#include <string>

namespace kamailio {

// Starts the daemon: clears the way (stale PID file, missing directory), launches, and returns how
// the launched process ended: with exit code 0 when Kamailio is initialised. Unexpected: the way
// cannot be cleared. To be called only when no process of the instance lives.
[[nodiscard]] tl::expected<host::ProcessResult, ocf::Outcome> launch(const host::Host& host,
                                                                     const Parameters& parameters,
                                                                     const std::string& binary,
                                                                     host::TimePoint deadline);

// Why a launch failed, in Kamailio's own words, and the code for it: invalid_arguments if Kamailio
// refuses its configuration. To be called only when no process of the instance lives.
[[nodiscard]] ocf::Outcome explain_failure(const host::Host& host, const Parameters& parameters,
                                           const std::string& binary,
                                           const host::ProcessResult& result,
                                           host::TimePoint deadline);

// A process that uses the instance's PID file and is not the instance: another program of its users
// with -P and this file, which the file names.
[[nodiscard]] std::optional<host::Process> stranger_in_pid_file(const host::Host& host,
                                                                const Parameters& parameters);

// Why it cannot run, in Kamailio's own words, for a daemon that has ended without saying so where
// the agent can read it: with log_stderror=no, the usual setting, it speaks to syslog alone. Runs
// it once more in the foreground with its log on standard error, for at most two seconds. Empty if
// that tells nothing. To be called only when no process of the instance lives.
[[nodiscard]] std::string diagnose(const host::Host& host, const Parameters& parameters,
                                   const std::string& binary, host::TimePoint deadline);

}  // namespace kamailio
