#pragma once

#include "conformance/outcome/outcome.h"
#include "conformance/scenario/evidence.h"
#include "conformance/scenario/scenario.h"

#include <string>

namespace conformance {

[[nodiscard]] Question question_of(const Scenario& scenario);

// How it came out on that rig. A scenario that the rig skips has to fail there: a reason that is no
// longer true is a failure.
[[nodiscard]] Outcome outcome_of(const Scenario& scenario, const Evidence& evidence,
                                 const std::string& rig);

}  // namespace conformance
