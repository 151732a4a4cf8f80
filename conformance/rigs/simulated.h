#pragma once

#include "conformance/scenario/evidence.h"
#include "conformance/scenario/scenario.h"

namespace conformance {

// Runs the scenario with the built-in agent, in the simulated machine and in virtual time.
[[nodiscard]] Evidence play_simulated(const Scenario& scenario);

}  // namespace conformance
