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
#include <string_view>
#include <vector>

namespace kamailio {

// What Kamailio says if fork=no stands in its configuration: then the launched process is the
// server.
inline constexpr std::string_view no_fork_mode = "WARNING: no fork mode";

// With debug=4 Kamailio writes megabytes of these before it says why it does not start.
inline constexpr std::string_view debug_lines = " DEBUG: ";

// Starts the daemon: clears the way (stale PID file, missing directory), launches, and returns how
// the launched process ended: with exit code 0 when Kamailio is initialised, Abandoned in no-fork
// mode. Unexpected: the way
// cannot be cleared. To be called only when no process of the instance lives.
[[nodiscard]] tl::expected<host::ProcessResult, ocf::Outcome> launch(const host::Host& host,
                                                                     const Parameters& parameters,
                                                                     const std::string& binary,
                                                                     host::TimePoint deadline);

// A process that uses the instance's PID file and is not the instance: another program of its users
// with -P and this file, which the file names.
[[nodiscard]] std::optional<host::Process> stranger_in_pid_file(const host::Host& host,
                                                                const Parameters& parameters);

// A command line, for messages.
[[nodiscard]] std::string in_one_line(const std::vector<std::string>& words);

}  // namespace kamailio
