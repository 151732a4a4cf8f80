#pragma once

#include "conformance/outcome/outcome.h"
#include "conformance/scenario/evidence.h"
#include "conformance/scenario/scenario.h"

#include <string>
#include <vector>

namespace conformance {

// The accounts that conditions name, "USER:GROUP". Evidence calls those so.
[[nodiscard]] std::vector<std::string> accounts_in(const std::vector<Condition>& conditions);

// Holds what was seen at the end against the scenario's conditions.
void judge_end(const Scenario& scenario, const Evidence& evidence, std::vector<Finding>& findings);

}  // namespace conformance
