#pragma once

#include "conformance/outcome/outcome.h"
#include "conformance/scenario/evidence.h"
#include "conformance/scenario/scenario.h"

#include <vector>

namespace conformance {

// Holds what was seen against what the scenario expects, and against what holds of every call:
//
// - the agent answers before the cluster's timeout, with a code that OCF 1.1 has
// - a failure comes with an exit reason, a success of validate-all with none
// - "not running" only if no process of the resource lives, and a stop succeeds only then
// - it sends signals to the resource's own processes only
// - none of its helpers outlives it, but for the seconds in which one ends by itself
//
// Of a scenario that could not be played to its end: as far as it was.
[[nodiscard]] std::vector<Finding> judge(const Scenario& scenario, const Evidence& evidence);

}  // namespace conformance
