#pragma once

#include "agent/host/network.h"
#include "agent/host/process_table.h"
#include "agent/kamailio/instance.h"
#include "agent/rpc/calls.h"

#include <optional>
#include <string>
#include <vector>

namespace kamailio {

// What one health check has found.
struct Check {
  enum class Finding {
    alive,
    wrong_answer,   // one that does not count
    not_alive,      // no answer
    not_installed,  // the tool or its file is missing
    not_permitted,  // the tool may not be run
    no_rpc,         // the RPC socket gives no answer, which says nothing about the calls
  };

  Finding finding = Finding::alive;
  std::string text;  // which check, what was seen, and what was expected instead

  friend bool operator==(const Check&, const Check&) = default;
};

// One of the processes that the server says it has.
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

// What the server says of itself over RPC.
struct Vitals {
  rpc::Uptime uptime = {};
  // The rest is asked for in depth alone.
  std::string foreign = {};  // whose RPC socket it is, if it is another server's
  std::vector<Worker> workers = {};
  std::optional<rpc::SharedMemory> memory = {};
  std::vector<std::string> unknown = {};  // what it does not tell, and why

  friend bool operator==(const Vitals&, const Vitals&) = default;
};

// All that is known about an instance before it is judged.
struct Evidence {
  PidFile pid_file;
  // Living processes of the instance. If the PID file names one of them, that one alone was looked
  // at, and it is the main process; otherwise all of them are here.
  std::vector<host::Process> processes = {};
  // See Census; none if the PID file names a process of the instance.
  std::vector<host::Process> unknown = {};
  std::vector<host::Process> impostors = {};
  std::optional<host::Process> main = {};
  // Who else has the instance's UDP port; none if it was not asked for or cannot be found out.
  std::vector<host::Rival> rivals = {};
  std::vector<Check> checks = {};     // none if not asked for, or if there is no main process
  std::optional<Vitals> vitals = {};  // if there is an RPC socket that was asked and answered

  friend bool operator==(const Evidence&, const Evidence&) = default;
};

}  // namespace kamailio
