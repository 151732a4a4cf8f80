#pragma once

#include "agent/host/host.h"
#include "agent/host/process_table.h"
#include "agent/host/result.h"
#include "agent/kamailio/parameters.h"

#include <optional>
#include <string>
#include <vector>

namespace kamailio {

// What is mine? A process belongs to an instance if it runs the configured binary with -P and the
// instance's PID file, and lives in the agent's own PID namespace (the process table shows no
// other). So the children of a dead main process are mine, and what the stock agent or an
// administrator started with that PID file; nothing in a container is. One that is exiting has no
// arguments any more, so its name decides: better one too many, for a moment and past all signals,
// than one that still holds the ports taken for gone. The rest of the command line
// does not matter: it changes with the configuration.
[[nodiscard]] bool is_mine(const host::Process& process, const Parameters& parameters);

// The second half of it: -P and the instance's PID file, whatever the program.
[[nodiscard]] bool uses_pid_file(const host::Process& process, const Parameters& parameters);

// All of them that live. Reads the whole process table.
[[nodiscard]] host::Result<std::vector<host::Process>> processes_of(const host::Host& host,
                                                                    const Parameters& parameters);

// The main process among them: the parent of another one. Kamailio's other processes are its
// children, and all have the same command line. Nothing if the main process has died, or if a
// single process is just starting or ending.
[[nodiscard]] std::optional<host::Process> main_process_among(
    const std::vector<host::Process>& processes);

// What the PID file says.
struct PidFile {
  enum class State { absent, unreadable, garbled, names_a_process };

  State state = State::absent;
  int pid = 0;               // if it names one
  std::string problem = {};  // if it is unreadable or garbled

  friend bool operator==(const PidFile&, const PidFile&) = default;
};

[[nodiscard]] PidFile read_pid_file(const host::Host& host, const std::string& path);

// "process 12" or "processes 12, 13 and 14", for messages; the first few of many.
[[nodiscard]] std::string name_processes(const std::vector<host::Process>& processes);

}  // namespace kamailio
