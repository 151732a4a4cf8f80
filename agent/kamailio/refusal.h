#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/host/process_runner.h"
#include "agent/kamailio/parameters.h"
#include "agent/ocf/outcome.h"

#include <optional>
#include <string>

namespace kamailio {

// What Kamailio says, with -c, of the configuration file and of the extra options. Nothing if it
// has nothing against them. invalid_arguments with the cause, file and line among it, if it refuses
// them, or if fork=no stands in the file; generic_error if it blames something that may be over in
// a moment, or does not answer by the deadline.
[[nodiscard]] std::optional<ocf::Outcome> refused_configuration(const host::Host& host,
                                                                const Parameters& parameters,
                                                                const std::string& binary,
                                                                host::TimePoint deadline);

// How a launch ended, when nothing of the instance lives.
struct FailedLaunch {
  host::ProcessResult result;
  bool is_last = false;  // there will be no other
};

// Why a launch failed: the cause first, then what failed. Kamailio speaks to syslog alone unless
// log_stderror=yes, so that it is asked again: with -c, and in the foreground with its log on
// standard error, where it may not start any children, so that it serves nobody. Nothing if it has
// no more to say and this was not the last launch: what was against the start has gone. After the
// last one it may start its children, but is not bound to any address, so that they can say what
// they lack.
[[nodiscard]] std::optional<ocf::Outcome> explain(const host::Host& host,
                                                  const Parameters& parameters,
                                                  const std::string& binary,
                                                  const FailedLaunch& launch,
                                                  host::TimePoint deadline);

}  // namespace kamailio
