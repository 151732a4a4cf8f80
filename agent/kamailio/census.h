#pragma once

#include "agent/host/process_table.h"
#include "agent/kamailio/parameters.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kamailio {

// Decides which processes belong to the instance ("mine"). A pure function of the process table.
//
// Any user can start a process with any name and command line, so neither proves that a process is
// mine. It has to run as a user of the instance and nobody else (real, effective and saved uid, so
// that no set-user-ID program of another user counts), to run the configured binary, and to meet
// one of these conditions:
// - it has the instance's PID file on its command line (-P) and is a server. This covers the
//   children of a dead main process, and servers that the stock agent, an older version or an
//   administrator started with that PID file;
// - it descends from a process that is mine, whatever its command line is by now;
// - the PID file names it, and it has lost its command line;
// - it has lost its command line and is in the session of a process that is mine.
// The rest of the command line is ignored, since it changes with the configuration.

enum class Trust { yes, no, unknown };

// Whether all of these uids belong to users that the instance can run as.
using TrustIn = std::function<Trust(const host::UserIds&)>;

// Additional evidence for the decision.
struct Clues {
  std::optional<int> named;                 // the pid in the PID file
  std::vector<host::ProcessId> known = {};  // processes that were mine at an earlier look
  // File names of the programs that the instance runs if the binary is a symbolic link. Another
  // process that runs one of them counts only as a descendant or by its session.
  std::vector<std::string> programs = {};
};

struct Census {
  // In the order of the table.
  std::vector<host::Process> mine = {};

  // Processes that may be mine: exiting ones without program and arguments, and ones with
  // overwritten arguments, in a nested PID namespace, or of a user that cannot be looked up.
  std::vector<host::Process> unknown = {};

  // Processes that have the instance's command line but run as another user or run another program.
  std::vector<host::Process> impostors = {};

  [[nodiscard]] bool is_empty() const { return mine.empty() && unknown.empty(); }
};

[[nodiscard]] Census take_census(const std::vector<host::Process>& processes,
                                 const Parameters& parameters, const TrustIn& trust,
                                 const Clues& clues);

// The value of each -P among its arguments, whatever program it runs.
[[nodiscard]] std::vector<std::string> pid_files_named_by(const host::Process& process);

// Whether the process has -P with the instance's PID file among its arguments, whatever program it
// runs.
[[nodiscard]] bool has_pid_file_option(const host::Process& process, const Parameters& parameters);

// The possible file names of the binary.
[[nodiscard]] std::vector<std::string> program_names(const Parameters& parameters);

// File names of programs that the processes run, other than program_names(). There are some if the
// binary is a symbolic link.
[[nodiscard]] std::vector<std::string> other_programs_of(
    const std::vector<host::Process>& processes, const Parameters& parameters);

}  // namespace kamailio
