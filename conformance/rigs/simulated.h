#pragma once

#include "conformance/scenario/evidence.h"
#include "conformance/scenario/scenario.h"

namespace conformance {

// Plays the scenario with the agent that was built, in the simulated machine and in virtual time.
[[nodiscard]] Evidence play_simulated(const Scenario& scenario);

}  // namespace conformance
