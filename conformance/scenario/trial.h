#pragma once

#include "conformance/outcome/outcome.h"
#include "conformance/scenario/evidence.h"
#include "conformance/scenario/scenario.h"

#include <string>

namespace conformance {

[[nodiscard]] Question question_of(const Scenario& scenario);

// The outcome of a scenario on a rig. A scenario that is skipped on the rig must fail there, so
// that an outdated skip is reported.
[[nodiscard]] Outcome outcome_of(const Scenario& scenario, const Evidence& evidence,
                                 const std::string& rig);

}  // namespace conformance
