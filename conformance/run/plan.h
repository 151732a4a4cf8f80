#pragma once

#include "conformance/rigs/node_rig.h"
#include "conformance/run/job.h"
#include "conformance/scenario/scenario.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace conformance {

// Where scenarios are played.
struct Rigs {
  bool simulated = true;
  std::optional<NodeRig> fakes;
  std::optional<NodeRig> live;
  std::optional<NodeRig> contract;
  std::set<std::string> parameters;  // that the agent of the nodes has
};

// What is to be played, and what does not fit a rig.
struct Plan {
  std::vector<Job> jobs;
  std::vector<Outcome> skipped;
};

// The scenarios have to outlive the plan.
[[nodiscard]] Plan plan_scenarios(const std::vector<Scenario>& scenarios, const Rigs& rigs);

}  // namespace conformance
