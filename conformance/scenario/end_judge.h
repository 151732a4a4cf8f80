#pragma once

#include "conformance/outcome/outcome.h"
#include "conformance/scenario/evidence.h"
#include "conformance/scenario/scenario.h"

#include <string>
#include <vector>

namespace conformance {

// The accounts in conditions, "USER:GROUP". Evidence uses the same names.
[[nodiscard]] std::vector<std::string> accounts_in(const std::vector<Condition>& conditions);

// Compares the evidence at the end with the scenario's conditions.
void judge_end(const Scenario& scenario, const Evidence& evidence, std::vector<Finding>& findings);

}  // namespace conformance
