#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/host/process_runner.h"
#include "agent/kamailio/parameters.h"
#include "agent/ocf/outcome.h"

#include <optional>
#include <string>

namespace kamailio {

// Checks the configuration file and the extra options with kamailio -c. Nothing if Kamailio accepts
// them. invalid_arguments, with the cause, file and line, if it rejects them, or if the file has
// fork=no; generic_error if the error message names a condition that may be over in a moment, or if
// Kamailio does not end by the deadline.
[[nodiscard]] std::optional<ocf::Outcome> refused_configuration(const host::Host& host,
                                                                const Parameters& parameters,
                                                                const std::string& binary,
                                                                host::TimePoint deadline);

// How a launch ended, when no process of the instance is alive.
struct FailedLaunch {
  host::ProcessResult result;
  bool is_last = false;  // there will be no other launch
};

// Explains why a launch failed: the cause first, then what failed. Unless log_stderror=yes,
// Kamailio logs only to syslog, so it is run again: with -c, and in the foreground with its log on
// standard error. There it may not start children, so that it does not serve. Nothing if it prints
// no further error and this was not the last launch: the cause of the failure is gone. After the
// last launch it is run again with children, but its binds have no effect; the children then print
// what they lack.
[[nodiscard]] std::optional<ocf::Outcome> explain(const host::Host& host,
                                                  const Parameters& parameters,
                                                  const std::string& binary,
                                                  const FailedLaunch& launch,
                                                  host::TimePoint deadline);

}  // namespace kamailio
