#pragma once

#include "agent/host/result.h"
#include "conformance/cluster/cluster.h"

#include <map>
#include <string>
#include <vector>

namespace faults {

// One action in one state of the machine. The sweep lets each of its system calls fail.
struct Case {
  std::string name;  // part of the name of a fault
  cluster::Resource resource;
  cluster::Operation operation;
  bool is_running = false;  // whether the instance runs before the action
  // Whether the same operation has ended one interval ago, so that a monitor with watch waits.
  bool follows_another = false;
  int code = 0;  // of the action without a fault
};

// One system call of one process that fails once.
struct Fault {
  std::string case_name;
  // "agent", or "agent.1" for the first process that it forked, and "agent.1.1" for the first that
  // this one forked. They are counted in the order of creation, so that a name means the same
  // process in every run.
  std::string process;
  std::string call;    // its name in strace
  int occurrence = 0;  // counted from 1, from the start of the process
  std::string error;   // "ENOMEM"

  friend bool operator==(const Fault&, const Fault&) = default;
};

// "stop/agent/openat/17/ENOMEM"
[[nodiscard]] std::string name_of(const Fault& fault);
[[nodiscard]] host::Result<Fault> fault_named(const std::string& name);

struct Call {
  std::string name;    // "openat"
  int occurrence = 0;  // counted from 1, of this name in this process
  std::string text;    // the line of strace

  friend bool operator==(const Call&, const Call&) = default;
};

struct Process {
  std::string name;  // as in a fault
  std::vector<Call> calls;
};

// The system calls of the agent and of the processes that it forked, up to their exec. The agent
// comes first.
using Trace = std::vector<Process>;

// `logs`: the output of `strace -ff` for each process.
[[nodiscard]] Trace trace_of(const std::map<int, std::string>& logs);

// The files PREFIX.PID of `strace -ff -o PREFIX`.
[[nodiscard]] std::map<int, std::string> read_logs(const std::string& prefix);

// The line of a log with the failed call; empty if the fault was not reached.
[[nodiscard]] std::string injected_call(const std::string& log);

// All faults for the calls of a run: each call with each error that it can return, except calls
// whose failure has no effect.
[[nodiscard]] std::vector<Fault> faults_in(const std::string& case_name, const Trace& trace);

}  // namespace faults
