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

// The agent that is asked, and a resource for it to run: with these parameters it has to start.
struct Subject {
  cluster::Cluster cluster;
  cluster::AgentName name;
  cluster::Resource resource;
  // Another resource that can run beside it on the same node. Without one it is derived from the
  // first: another name, and other values of the parameters that have to be unique.
  std::optional<cluster::Resource> other = std::nullopt;
  double rate = 1;  // of the cluster
  MetaData meta_data = {};
  Surroundings surroundings = {};
};

// Asks the agent for its meta-data. What cannot be read of it stays empty.
void learn_meta_data(Subject& subject);

class Trial;

// A sentence of the contract that can be checked from outside.
struct Check {
  using Level = conformance::Requirement::Level;

  std::string id;  // "contract.stop.twice"
  // Ids of requirements; the first is the sentence itself, and the level is its level.
  std::vector<std::string> rests_on;
  Level level = Level::must;
  std::string claim;
  // Why it does not fit this agent; empty if it does. Null: it fits all.
  std::function<std::string(const Subject& subject)> misfit = nullptr;
  std::function<void(Trial& trial)> run = nullptr;
  // It calls the agent as an ordinary user, too, whom libfaketime keeps out of the clock that it
  // shares: it tells something in real time only.
  bool by_ordinary_user = false;
};

// All, topic by topic.
[[nodiscard]] const std::vector<Check>& all_checks();

// Plays it once. It wants a process and surroundings of its own: it leaves behind what the agent
// does, and its time passes as the subject's cluster has it. A check that rests on nothing stronger
// than SHOULD warns.
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

// Whom a check does not fit.
using Misfit = std::function<std::string(const Subject& subject)>;

[[nodiscard]] Misfit unless_advertised(const std::string& action);
[[nodiscard]] Misfit unless_both_advertised(const std::string& one, const std::string& other);
[[nodiscard]] Misfit unless_parameter_of_type(const std::string& type);
[[nodiscard]] Misfit unless_roles();

[[nodiscard]] bool has_roles(const MetaData& meta_data);

}  // namespace contract
