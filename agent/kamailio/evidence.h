#pragma once

#include "agent/host/network.h"
#include "agent/host/process_table.h"
#include "agent/kamailio/instance.h"
#include "agent/rpc/calls.h"

#include <optional>
#include <string>
#include <vector>

namespace kamailio {

// The result of one health check.
struct Check {
  enum class Finding {
    alive,
    wrong_answer,   // the reply is not an accepted one
    not_alive,      // there is no reply
    not_installed,  // the tool or its file is missing
    not_permitted,  // the tool may not be run
    no_rpc,         // no reply from the RPC socket, which says nothing about SIP
  };

  Finding finding = Finding::alive;
  std::string text;  // the check, what was expected, and the result

  friend bool operator==(const Check&, const Check&) = default;
};

// One of the processes that the server lists.
struct Worker {
  enum class State {
    lives,
    stopped,  // by SIGSTOP or a debugger
    missing,  // no process of the instance has this pid
  };

  rpc::ServerProcess process;
  State state = State::lives;

  friend bool operator==(const Worker&, const Worker&) = default;
};

// The server's report over RPC.
struct Vitals {
  rpc::Uptime uptime = {};
  // The rest is read only in depth.
  std::string foreign = {};  // set if another server owns the RPC socket
  std::vector<Worker> workers = {};
  std::optional<rpc::SharedMemory> memory = {};
  std::vector<std::string> unknown = {};  // why parts of the report are missing

  friend bool operator==(const Vitals&, const Vitals&) = default;
};

// Everything that is known about an instance before it is judged.
struct Evidence {
  PidFile pid_file;
  // Processes of the instance that are alive. If the PID file names one of them, only that one was
  // looked up, and it is the main process; otherwise all of them are here.
  std::vector<host::Process> processes = {};
  // See Census. Empty if the PID file names a process of the instance.
  std::vector<host::Process> unknown = {};
  std::vector<host::Process> impostors = {};
  std::optional<host::Process> main = {};
  // Other sockets at the instance's UDP port; empty if not looked for, or if it cannot be found
  // out.
  std::vector<host::Rival> rivals = {};
  std::vector<Check> checks = {};     // empty if not run, or if there is no main process
  std::optional<Vitals> vitals = {};  // set if an RPC socket replied

  friend bool operator==(const Evidence&, const Evidence&) = default;
};

}  // namespace kamailio
