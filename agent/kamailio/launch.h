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

// Kamailio's message if its configuration has fork=no: then the launched process is the server.
inline constexpr std::string_view no_fork_mode = "WARNING: no fork mode";

// With debug=4 Kamailio writes megabytes of these lines before the error message.
inline constexpr std::string_view debug_lines = " DEBUG: ";

// Starts the daemon: removes a stale PID file, creates the PID file's directory, launches Kamailio,
// and returns how the launched process ended: with exit code 0 when Kamailio is initialised,
// Abandoned in no-fork mode. Unexpected: the PID file or its directory cannot be prepared. Call it
// only when no process of the instance is alive.
[[nodiscard]] tl::expected<host::ProcessResult, ocf::Outcome> launch(const host::Host& host,
                                                                     const Parameters& parameters,
                                                                     const std::string& binary,
                                                                     host::TimePoint deadline);

// A process that uses the instance's PID file and is not the instance: the file names it, and it
// runs another program, as one of the instance's users, with -P and this file.
[[nodiscard]] std::optional<host::Process> stranger_in_pid_file(const host::Host& host,
                                                                const Parameters& parameters);

// A command line as text for messages.
[[nodiscard]] std::string in_one_line(const std::vector<std::string>& words);

}  // namespace kamailio
