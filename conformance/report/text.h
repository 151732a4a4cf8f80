#pragma once

#include "conformance/scenario/judge.h"

#include <string>
#include <vector>

namespace conformance {

// For people, line by line.
[[nodiscard]] std::string failure_text(const Scenario& scenario,
                                       const std::vector<Finding>& findings);
[[nodiscard]] std::string timeline_text(const Scenario& scenario, const Evidence& evidence);

}  // namespace conformance
