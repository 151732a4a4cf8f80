#pragma once

#include "conformance/rigs/census.h"
#include "sim/setup/player.h"

namespace conformance {

[[nodiscard]] Census census_of(sim::ScenarioPlayer& player);

}  // namespace conformance
