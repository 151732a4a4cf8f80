#include "conformance/contract/contract.h"

#include "conformance/contract/trial.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <string>
#include <utility>

namespace contract {
namespace {

std::vector<Check> gather() {
  std::vector<Check> all;
  for (auto* const list :
       {meta_data_checks, meta_data_call_checks, invocation_checks, start_checks, stop_checks,
        monitor_checks, level_checks, validation_checks, role_checks, optional_action_checks,
        privilege_checks, parallel_checks, interruption_checks}) {
    std::ranges::move(list(), std::back_inserter(all));
  }
  return all;
}

}  // namespace

const std::vector<Check>& all_checks() {
  static const auto all = gather();
  return all;
}

std::string topic_of(const Check& check) {
  auto topic = check.id.substr(check.id.find('.') + 1);
  topic.resize(std::min(topic.find('.'), topic.size()));
  topic.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(topic.front())));
  return topic;
}

void learn_meta_data(Subject& subject) {
  const auto result = subject.cluster.run({.name = subject.resource.name}, {.action = "meta-data"});
  subject.meta_data = read_meta_data(result.out).meta_data;
}

conformance::Outcome run_check(const Check& check, const Subject& subject) {
  using Verdict = conformance::Outcome::Verdict;
  conformance::Outcome outcome{.question = {.name = check.id,
                                            .topic = topic_of(check),
                                            .claim = check.claim,
                                            .rests_on = check.rests_on},
                               .rig = "contract"};
  outcome.reason = check.misfit ? check.misfit(subject) : "";
  if (!outcome.reason.empty()) {
    outcome.verdict = Verdict::skipped;
    return outcome;
  }
  Trial trial(subject);
  check.run(trial);
  outcome.took = trial.now();
  outcome.timeline = trial.timeline();
  outcome.findings = trial.findings();
  if (!outcome.findings.empty()) {
    outcome.verdict = check.level == Check::Level::must ? Verdict::failed : Verdict::warned;
  } else if (!trial.misfit().empty()) {
    outcome.verdict = Verdict::skipped;
    outcome.reason = trial.misfit();
  }
  return outcome;
}

Misfit unless_advertised(const std::string& action) {
  return [action](const Subject& subject) {
    return subject.meta_data.action(action) != nullptr ? "" : action + " is not advertised";
  };
}

Misfit unless_both_advertised(const std::string& one, const std::string& other) {
  return [one, other](const Subject& subject) {
    auto misfit = unless_advertised(one)(subject);
    return misfit.empty() ? unless_advertised(other)(subject) : misfit;
  };
}

Misfit unless_parameter_of_type(const std::string& type) {
  return [type](const Subject& subject) {
    auto misfit = unless_advertised("validate-all")(subject);
    const bool has_any =
        std::ranges::find(subject.meta_data.parameters, type, &MetaData::Parameter::type) !=
        subject.meta_data.parameters.end();
    return misfit.empty() && !has_any ? "no parameter is of type " + type : misfit;
  };
}

Misfit unless_roles() {
  return [](const Subject& subject) {
    return std::string(has_roles(subject.meta_data) ? "" : "the agent advertises no roles");
  };
}

bool has_roles(const MetaData& meta_data) {
  return meta_data.action("promote") != nullptr || meta_data.action("demote") != nullptr;
}

}  // namespace contract
