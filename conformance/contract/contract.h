#pragma once

#include "conformance/cluster/cluster.h"
#include "conformance/contract/meta_data.h"
#include "conformance/contract/surroundings.h"
#include "conformance/outcome/outcome.h"
#include "conformance/requirements/requirement.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace contract {

// The agent under test, and a resource that starts with these parameters.
struct Subject {
  cluster::Cluster cluster;
  cluster::AgentName name;
  cluster::Resource resource;
  // A second resource that can run beside the first on the same node. If it is not set, it is
  // derived from the first: another name, and other values of the unique parameters.
  std::optional<cluster::Resource> other = std::nullopt;
  double rate = 1;  // of the cluster
  MetaData meta_data = {};
  Surroundings surroundings = {};
};

// Runs meta-data. Parts that cannot be parsed stay empty.
void learn_meta_data(Subject& subject);

class Trial;

// A requirement of the contract that can be checked from outside.
struct Check {
  using Level = conformance::Requirement::Level;

  std::string id;  // "contract.stop.twice"
  // Ids of requirements. The first is the clause itself and determines the level.
  std::vector<std::string> rests_on;
  Level level = Level::must;
  std::string claim;
  // Returns why the check does not apply to this agent; empty if it does. Null: it applies to all.
  std::function<std::string(const Subject& subject)> misfit = nullptr;
  std::function<void(Trial& trial)> run = nullptr;
  // The check also calls the agent as an ordinary user, who has no access to the clock of
  // libfaketime. Such a check needs real time.
  bool by_ordinary_user = false;
};

// All checks, by topic.
[[nodiscard]] const std::vector<Check>& all_checks();

// Runs a check once, in a process and surroundings of its own: effects of the agent remain, and
// time passes at the rate of the subject's cluster. A failed check whose level is SHOULD is a
// warning.
[[nodiscard]] conformance::Outcome run_check(const Check& check, const Subject& subject);

// "contract.stop.twice" -> "Stop"
[[nodiscard]] std::string topic_of(const Check& check);

// The checks by topic: each list is in checks_TOPIC.cpp.
[[nodiscard]] std::vector<Check> meta_data_checks();
[[nodiscard]] std::vector<Check> meta_data_call_checks();
[[nodiscard]] std::vector<Check> invocation_checks();
[[nodiscard]] std::vector<Check> start_checks();
[[nodiscard]] std::vector<Check> stop_checks();
[[nodiscard]] std::vector<Check> monitor_checks();
[[nodiscard]] std::vector<Check> level_checks();
[[nodiscard]] std::vector<Check> validation_checks();
[[nodiscard]] std::vector<Check> privilege_checks();
[[nodiscard]] std::vector<Check> role_checks();
[[nodiscard]] std::vector<Check> optional_action_checks();
[[nodiscard]] std::vector<Check> interruption_checks();
[[nodiscard]] std::vector<Check> parallel_checks();

// Conditions under which a check does not apply.
using Misfit = std::function<std::string(const Subject& subject)>;

[[nodiscard]] Misfit unless_advertised(const std::string& action);
[[nodiscard]] Misfit unless_both_advertised(const std::string& one, const std::string& other);
[[nodiscard]] Misfit unless_parameter_of_type(const std::string& type);
[[nodiscard]] Misfit unless_roles();

[[nodiscard]] bool has_roles(const MetaData& meta_data);

}  // namespace contract
