#pragma once

#include <map>
#include <string>
#include <vector>

namespace faults {

struct Call {
  std::string name;    // "openat"
  int occurrence = 0;  // counted from 1, of this name in this process
  std::string text;    // the line of strace

  friend bool operator==(const Call&, const Call&) = default;
};

struct Process {
  std::string name;  // fault.h
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

}  // namespace faults
