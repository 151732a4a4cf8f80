#include "conformance/run/plan.h"

#include "conformance/rigs/simulated.h"
#include "conformance/scenario/fit.h"
#include "conformance/scenario/trial.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>
#include <variant>

namespace conformance {
namespace {

// At which a moment of this machine, in which it did something else, is short beside the times that
// are asked for.
constexpr double slow_rate = 4;

// All that the scenario may take, by its own clock, if each call takes the whole of its time.
host::Duration longest(const Scenario& scenario) {
  host::Duration all = std::chrono::seconds(60);
  for (const auto& step : scenario.steps) {
    if (const auto* const call = std::get_if<sim::CallAgent>(&step.what.what)) {
      all += call->operation.timeout;
    } else if (const auto* const pass = std::get_if<sim::Pass>(&step.what.what)) {
      all += pass->duration;
    }
  }
  return all;
}

// An agent without the parameter asks as it always does.
Scenario without_probe(Scenario scenario) {
  for (auto& [name, instance] : scenario.instances) {
    const auto probe = instance.parameters.find("probe");
    if (probe != instance.parameters.end() && probe->second == "sipsak") {
      instance.parameters.erase(probe);
    }
  }
  return scenario;
}

class Planner {
 public:
  explicit Planner(const RigSet& rigs) : rigs_(rigs) {}

  void add(const Scenario& scenario) {
    if (auto why_not = why_not_simulated(scenario); rigs_.simulated && !why_not.empty()) {
      skip(scenario, "simulated", why_not);
    } else if (rigs_.simulated) {
      plan_.jobs.push_back({.question = question_of(scenario),
                            .rig = "simulated",
                            .play =
                                [&scenario](node::Init&) {
                                  return outcome_of(scenario, play_simulated(scenario),
                                                    "simulated");
                                },
                            .make_node = {}});
    }
    if (rigs_.fakes) {
      add(scenario, "fakes", *rigs_.fakes, why_not_on_a_node(scenario));
    }
    if (rigs_.live) {
      auto why_not = why_not_on_a_node(scenario);
      add(scenario, "live", *rigs_.live,
          why_not.empty() ? why_not_with_real_programs(scenario) : why_not);
    }
  }

  [[nodiscard]] Plan take() { return std::move(plan_); }

 private:
  void add(const Scenario& given, const std::string& name, const NodeRig& rig,
           std::string why_not) {
    auto scenario = rigs_.parameters.contains("probe") ? given : without_probe(given);
    if (why_not.empty()) {
      why_not = why_not_with_parameters(scenario, rigs_.parameters);
    }
    if (!why_not.empty()) {
      skip(scenario, name, why_not);
      return;
    }
    auto job = job_for(scenario, name, rig);
    if (rig.rate > slow_rate) {
      auto slower = rig;
      slower.rate = slow_rate;
      job.again = std::make_shared<const Job>(job_for(scenario, name, slower));
    }
    plan_.jobs.push_back(std::move(job));
  }

  void skip(const Scenario& scenario, const std::string& rig, const std::string& why) {
    plan_.skipped.push_back({.question = question_of(scenario),
                             .rig = rig,
                             .verdict = Outcome::Verdict::skipped,
                             .reason = why});
  }

  static Job job_for(const Scenario& scenario, const std::string& name, const NodeRig& rig) {
    // Starting processes takes time that no clock makes shorter.
    const auto patience = longest(scenario) / rig.rate + std::chrono::seconds(60);
    return {.question = question_of(scenario),
            .rig = name,
            .play =
                [scenario, name, rig](node::Init& init) {
                  return outcome_of(scenario, play_on_node(scenario, rig, init), name);
                },
            .make_node = [rig] { make_node(rig); },
            .patience = std::chrono::duration_cast<std::chrono::milliseconds>(patience)};
  }

  const RigSet& rigs_;
  Plan plan_;
};

}  // namespace

Plan plan_scenarios(const std::vector<Scenario>& scenarios, const RigSet& rigs) {
  Planner planner(rigs);
  for (const auto& scenario : scenarios) {
    planner.add(scenario);
  }
  return planner.take();
}

void keep_named(Plan& plan, const std::vector<std::string>& texts) {
  const auto is_named = [&](const Question& question) {
    return texts.empty() || std::ranges::any_of(texts, [&](const std::string& text) {
             return question.name.find(text) != std::string::npos;
           });
  };
  std::erase_if(plan.jobs, [&](const Job& job) { return !is_named(job.question); });
  std::erase_if(plan.skipped, [&](const Outcome& skipped) { return !is_named(skipped.question); });
}

void let_call(cluster::Caller caller, std::vector<Scenario>& scenarios) {
  const std::set<std::string> calls = caller == cluster::Caller::drbd_reactor
                                          ? std::set<std::string>{"start", "stop", "monitor"}
                                          : std::set<std::string>{"validate-all", "meta-data"};
  for (auto& scenario : scenarios) {
    for (auto& step : scenario.steps) {
      auto* const call = std::get_if<sim::CallAgent>(&step.what.what);
      if (call != nullptr && calls.contains(call->action) &&
          call->operation.caller == cluster::Caller::pacemaker) {
        call->operation.caller = caller;
      }
    }
  }
}

}  // namespace conformance
