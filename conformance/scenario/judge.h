#pragma once

#include "conformance/outcome/outcome.h"
#include "conformance/scenario/evidence.h"
#include "conformance/scenario/scenario.h"

#include <vector>

namespace conformance {

// Compares the evidence with the scenario's expectations, and with the rules for every call:
//
// - the agent returns before the timeout, with an exit code of OCF 1.1
// - a failure has an exit reason, and a successful validate-all prints nothing
// - the agent reports "not running", and a stop succeeds, only if no process of the resource lives
// - the agent signals only the resource's own processes
// - no helper process outlives the agent, except for a few seconds in which it ends by itself
//
// If a scenario could not be completed, only its finished steps are judged.
[[nodiscard]] std::vector<Finding> judge(const Scenario& scenario, const Evidence& evidence);

}  // namespace conformance
