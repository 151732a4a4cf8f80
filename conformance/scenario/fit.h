#pragma once

#include "conformance/scenario/scenario.h"

#include <set>
#include <string>
#include <vector>

namespace conformance {

// The setup of the scenario, and all that changes it.
[[nodiscard]] std::vector<const sim::Setup*> setups_of(const Scenario& scenario);

// Why a scenario cannot run somewhere; empty if it can.

// In the simulated machine, which has no shell.
[[nodiscard]] std::string why_not_simulated(const Scenario& scenario);

// With real processes, on a node.
[[nodiscard]] std::string why_not_on_a_node(const Scenario& scenario);

// With the real kamailio, sipsak and kamctl, which cannot be made to misbehave.
[[nodiscard]] std::string why_not_with_real_programs(const Scenario& scenario);

// With an agent that has these parameters. An agent without those of ocf:sip:kamailio must meet
// only the requirements of the manual page, OCF and the cluster.
[[nodiscard]] std::string why_not_with_parameters(const Scenario& scenario,
                                                  const std::set<std::string>& parameters);

}  // namespace conformance
