#pragma once

#include "conformance/rigs/node_rig.h"
#include "conformance/run/job.h"
#include "conformance/scenario/scenario.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace conformance {

// Where scenarios are played.
struct RigSet {
  bool simulated = true;
  std::optional<NodeRig> fakes;
  std::optional<NodeRig> live;
  std::optional<NodeRig> contract;
  std::set<std::string> parameters;  // that the agent of the nodes has
  // Of each instance that does not set them itself.
  std::map<std::string, std::string> defaults = {};
};

// What is to be played, and what does not fit a rig.
struct Plan {
  std::vector<Job> jobs;
  std::vector<Outcome> skipped;
};

// What an agent is to run. Without a second resource that one is the first by another name, with
// other values of the parameters that have to be unique.
struct Resources {
  cluster::Resource first;
  std::optional<cluster::Resource> second;
};

// Adds the checks of OCF 1.1, each on a node of its own.
void plan_contract(Plan& plan, const NodeRig& rig, const Resources& resources);

// Whether anything in the plan has this text in its name.
[[nodiscard]] bool names(const Plan& plan, const std::string& text);

// Leaves in the plan what has one of these texts in its name; none: all.
void keep_named(Plan& plan, const std::vector<std::string>& texts);

// Lets this one make all calls that it makes at all, and Pacemaker the others: pcs and crmsh
// validate, drbd-reactor starts, stops and monitors. Pacemaker also makes those of which the other
// cannot tell the agent all that the scenario says: crmsh no check level, drbd-reactor no timeout.
void let_call(cluster::Caller caller, std::vector<Scenario>& scenarios);

// The scenarios have to outlive the plan.
[[nodiscard]] Plan plan_scenarios(const std::vector<Scenario>& scenarios, const RigSet& rigs);

}  // namespace conformance
