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

// The rigs that run scenarios.
struct RigSet {
  bool simulated = true;
  std::optional<NodeRig> fakes;
  std::optional<NodeRig> live;
  std::optional<NodeRig> contract;
  std::set<std::string> parameters;  // of the agent on the nodes
  // Parameters for each instance that does not set them itself.
  std::map<std::string, std::string> defaults = {};
};

// The jobs of a run, and the skipped checks.
struct Plan {
  std::vector<Job> jobs;
  std::vector<Outcome> skipped;
};

// The resources that an agent runs. By default, the second is derived from the first, with another
// name and other values of the unique parameters.
struct Resources {
  cluster::Resource first;
  std::optional<cluster::Resource> second;
};

// Adds the checks of OCF 1.1, each on a node of its own.
void plan_contract(Plan& plan, const NodeRig& rig, const Resources& resources);

// Whether the name of any check in the plan contains the text.
[[nodiscard]] bool names(const Plan& plan, const std::string& text);

// Keeps the checks whose name contains one of the texts; without texts, all.
void keep_named(Plan& plan, const std::vector<std::string>& texts);

// Lets this caller make the calls that it supports, and Pacemaker the others: pcs and crmsh
// validate; drbd-reactor starts, stops and monitors. Pacemaker also makes calls with options that
// the caller does not support: crmsh sets no check level, drbd-reactor no timeout.
void let_call(cluster::Caller caller, std::vector<Scenario>& scenarios);

// The scenarios must outlive the plan.
[[nodiscard]] Plan plan_scenarios(const std::vector<Scenario>& scenarios, const RigSet& rigs);

}  // namespace conformance
