#pragma once

#include "agent/host/result.h"
#include "conformance/cluster/cluster.h"

#include <map>
#include <string>
#include <vector>

namespace faults {

// One action in one state of the machine. Each of its calls is made to fail.
struct Case {
  std::string name;  // in the name of a fault
  cluster::Resource resource;
  cluster::Operation operation;
  bool is_running = false;  // the instance, before
  int code = 0;             // of the action when nothing fails
};

// One system call of one process that fails once.
struct Fault {
  std::string case_name;
  // "agent", or for a process that it forked "agent.1", for one that this forked "agent.1.1": they
  // are counted in the order in which their parent makes them, so that a name means the same
  // process in every run.
  std::string process;
  std::string call;    // as strace calls it
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

// The system calls of the agent and of the processes that it forked, until they execute a program.
// The agent comes first.
using Trace = std::vector<Process>;

// `logs`: for each process what `strace -ff` wrote about it.
[[nodiscard]] Trace trace_of(const std::map<int, std::string>& logs);

// The files PREFIX.PID that `strace -ff -o PREFIX` wrote.
[[nodiscard]] std::map<int, std::string> read_logs(const std::string& prefix);

// The line of a log with the call that was made to fail; empty if the fault was not reached.
[[nodiscard]] std::string injected_call(const std::string& log);

// All faults for the calls of a run: each call with each error that it can fail with, but for those
// calls of which a failure means nothing.
[[nodiscard]] std::vector<Fault> faults_in(const std::string& case_name, const Trace& trace);

}  // namespace faults
