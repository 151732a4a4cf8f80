#pragma once

#include "conformance/scenario/evidence.h"
#include "conformance/scenario/scenario.h"

#include <string>
#include <vector>

namespace conformance {

// Something that is not as it has to be.
struct Finding {
  std::string rule;  // the scenario's own expectation, or the rule that holds of every call
  std::string step;  // "stop one, timeout 30s"; empty: at the end
  std::string expected;
  std::string seen;
  std::string consequence;  // what the cluster would have done; empty if nothing
};

// Holds what was seen against what the scenario expects, and against what holds of every call:
//
// - the agent answers before the cluster's timeout, with a code that OCF 1.1 has
// - a failure comes with an exit reason, a success of validate-all with none
// - "not running" only if no process of the resource lives, and a stop succeeds only then
// - it sends signals to the resource's own processes only
// - none of its helpers outlives it
[[nodiscard]] std::vector<Finding> judge(const Scenario& scenario, const Evidence& evidence);

}  // namespace conformance
