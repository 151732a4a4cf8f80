#pragma once

#include "agent/host/result.h"

#include <string>

namespace faults {

// One system call of one process that fails once.
struct Fault {
  std::string case_name;  // cases.h
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

}  // namespace faults
