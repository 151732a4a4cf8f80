#pragma once

#include "conformance/cluster/cluster.h"
#include "conformance/faults/fault.h"

#include <string>
#include <vector>

namespace faults {

// What was seen of one run, and of the stop after it, which has no fault.
struct Observation {
  cluster::Result result;
  bool instance_lives = false;         // a process of it does, after the run
  std::string left_by_stop = {};       // if the run was a stop: what it left
  std::vector<std::string> hurt = {};  // what is not of the instance and was ended or stopped
  cluster::Result next_stop = {};
  std::string left_in_the_end = {};
};

enum class Rule {
  foreign,   // what is not of the instance lives on, untouched
  truth,     // stop is never 0 and monitor never 7 while a process lives, nor 0 or 190 without one
  stop,      // one fault that passes does not fail a stop, and nothing is left
  code,      // one fault that passes is 1; 4 if the call was refused; 190 of a monitor
  reason,    // each failure has an exit reason
  signal,    // the agent does not die of a signal
  time,      // the agent returns before the time-out
  leftovers  // the next stop leaves nothing
};

[[nodiscard]] std::string name_of(Rule rule);
[[nodiscard]] const std::vector<Rule>& all_rules();

// The rules that were broken. `error`: the one that was injected; empty without a fault, when the
// exit code has to be the one of a healthy machine.
[[nodiscard]] std::vector<Rule> broken_rules(const Case& swept, const std::string& error,
                                             const Observation& seen);

}  // namespace faults
