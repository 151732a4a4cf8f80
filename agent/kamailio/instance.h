#pragma once

#include "agent/host/host.h"
#include "agent/host/process_table.h"
#include "agent/host/result.h"
#include "agent/kamailio/census.h"
#include "agent/kamailio/parameters.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace kamailio {

// The content of the PID file.
struct PidFile {
  enum class State { absent, unreadable, garbled, names_a_process };

  State state = State::absent;
  int pid = 0;               // if it names one
  std::string problem = {};  // if it is unreadable

  friend bool operator==(const PidFile&, const PidFile&) = default;
};

[[nodiscard]] PidFile read_pid_file(const host::Host& host, const std::string& path);

// Finds the processes of the instance that are alive, and those that may belong to it; reads the
// whole process table. `known` are the processes found at an earlier look. Retries for 100 ms after
// an error that may pass. Error: the table cannot be read, so nothing is known; the kind is
// `failed`.
[[nodiscard]] host::Result<Census> look_for_processes(const host::Host& host,
                                                      const Parameters& parameters,
                                                      const PidFile& pid_file,
                                                      std::span<const host::ProcessId> known = {});

// The process that the PID file names, if it certainly belongs to the instance; the process table
// is not read. Nothing if it may not belong to it, or is exiting.
[[nodiscard]] std::optional<host::Process> process_named_by(const host::Host& host,
                                                            const Parameters& parameters,
                                                            const PidFile& pid_file);

// The main process among them: the parent of another one. Kamailio's other processes are its
// children, and all have the same command line. Nothing if the main process has died, or if there
// is a single process that is just starting or ending.
[[nodiscard]] std::optional<host::Process> main_process_among(
    const std::vector<host::Process>& processes);

// The outcome if it is unknown whether the processes, at least one, belong to the instance.
[[nodiscard]] ocf::Outcome is_unknown(const std::vector<host::Process>& processes,
                                      const Parameters& parameters);

// The log message about a process that only looks like one of the instance.
[[nodiscard]] std::string describe_impostor(const host::Process& process,
                                            const Parameters& parameters);

// Text for messages: "process 12" or "processes 12, 13 and 14"; names only the first few of many.
[[nodiscard]] std::string name_processes(const std::vector<host::Process>& processes);

}  // namespace kamailio
