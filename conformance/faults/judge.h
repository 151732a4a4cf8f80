#pragma once

#include "conformance/cluster/cluster.h"
#include "conformance/faults/fault.h"

#include <string>
#include <vector>

namespace faults {

// The observations of one run, and of the stop after it, which has no fault.
struct Observation {
  cluster::Result result;
  bool instance_lives = false;         // whether a process of it lives after the run
  std::string left_by_stop = {};       // what a stop left; empty for other actions
  std::vector<std::string> hurt = {};  // foreign processes that were ended or stopped
  cluster::Result next_stop = {};
  std::string left_in_the_end = {};
};

enum class Rule {
  foreign,   // foreign processes are untouched
  truth,     // stop returns 0 and monitor 7 only without a process, monitor 0 or 190 only with one
  stop,      // a single fault does not fail a stop, and nothing is left
  code,      // a single fault returns 1; 4 if the call was refused; 190 of a monitor
  reason,    // each failure has an exit reason
  signal,    // no signal ends the agent
  time,      // the agent returns before the time-out
  leftovers  // the next stop leaves nothing
};

[[nodiscard]] std::string name_of(Rule rule);
[[nodiscard]] const std::vector<Rule>& all_rules();

// The violated rules. `error`: the injected one; empty for a run without a fault, whose exit code
// must be that of a healthy machine.
[[nodiscard]] std::vector<Rule> broken_rules(const Case& swept, const std::string& error,
                                             const Observation& seen);

}  // namespace faults
