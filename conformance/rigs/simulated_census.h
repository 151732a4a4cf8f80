#pragma once

#include "conformance/rigs/census.h"
#include "sim/worlds/plot_player.h"

namespace conformance {

[[nodiscard]] Census census_of(sim::PlotPlayer& player);

}  // namespace conformance
