#pragma once

#include "conformance/scenario/scenario.h"

#include <set>
#include <string>

namespace conformance {

// Why a scenario cannot be played somewhere; empty: it can.

// In the simulated machine, which has no shell.
[[nodiscard]] std::string why_not_simulated(const Scenario& scenario);

// With real processes, on a node.
[[nodiscard]] std::string why_not_on_a_node(const Scenario& scenario);

// With the real kamailio, sipsak and kamctl, which do not misbehave when asked to.
[[nodiscard]] std::string why_not_with_real_programs(const Scenario& scenario);

// By an agent that has these parameters. One without those of ocf:sip:kamailio is another one, of
// which only what the manual page, OCF and the cluster want can be asked.
[[nodiscard]] std::string why_not_with_parameters(const Scenario& scenario,
                                                  const std::set<std::string>& parameters);

}  // namespace conformance
