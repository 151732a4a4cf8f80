#pragma once

#include "agent/host/process_table.h"
#include "agent/kamailio/parameters.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace kamailio {

// What is mine? The decision alone, a pure function of what the process table shows.
//
// Any user can start a process with any name and command line, so neither makes a process mine. It
// has to act as a user of the instance and nobody else (real, effective and saved uid, so that no
// set-user-ID program of another user counts), to run the configured binary, and then one of these:
// - it has the instance's PID file on its command line (-P) and is a server: so the children of a
//   dead main process are mine, and what the stock agent, an older version or an administrator
//   started with that PID file;
// - it descends from a process that is mine, whatever its command line says by now;
// - the PID file names it, and it has lost its command line;
// - it has lost its command line and is in the session of a process that is mine.
// The rest of the command line does not matter: it changes with the configuration.

enum class Trust { yes, no, unknown };

// Whether all of these uids are of users as whom the instance can run.
using TrustIn = std::function<Trust(const host::UserIds&)>;

// What helps to sort processes out.
struct Clues {
  std::optional<int> named;                 // by the PID file
  std::vector<host::ProcessId> known = {};  // what was mine at an earlier look
  // File names of what the instance runs, where the binary is a symbolic link. Another process that
  // runs one of them counts only as a descendant or in the session.
  std::vector<std::string> programs = {};
};

struct Census {
  // In the order of the table.
  std::vector<host::Process> mine = {};

  // What may or may not be mine: exiting, so that neither program nor arguments are left;
  // with overwritten arguments; in a PID namespace below; of a user who cannot be looked up.
  std::vector<host::Process> unknown = {};

  // What has the instance's command line and is of another user or runs another program.
  std::vector<host::Process> impostors = {};

  [[nodiscard]] bool is_empty() const { return mine.empty() && unknown.empty(); }
};

[[nodiscard]] Census take_census(const std::vector<host::Process>& processes,
                                 const Parameters& parameters, const TrustIn& trust,
                                 const Clues& clues);

// What stands behind each -P among its arguments, whatever it runs.
[[nodiscard]] std::vector<std::string> pid_files_named_by(const host::Process& process);

// Whether the process has -P and the instance's PID file among its arguments, whatever it runs.
[[nodiscard]] bool has_pid_file_option(const host::Process& process, const Parameters& parameters);

// The file names that the binary can have.
[[nodiscard]] std::vector<std::string> program_names(const Parameters& parameters);

// Those of the programs that the processes run, as far as they are others: where the binary is a
// symbolic link.
[[nodiscard]] std::vector<std::string> other_programs_of(
    const std::vector<host::Process>& processes, const Parameters& parameters);

}  // namespace kamailio
