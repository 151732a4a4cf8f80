#include "conformance/run/plan.h"

#include "conformance/contract/contract.h"
#include "conformance/rigs/simulated.h"
#include "conformance/scenario/fit.h"
#include "conformance/scenario/trial.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <memory>
#include <utility>
#include <variant>

namespace conformance {
namespace {

// The rate at which a short delay of this machine is small compared with the scenario's times.
constexpr double slow_rate = 4;

// The longest duration of the scenario, by its own clock: each call takes its full timeout.
host::Duration longest(const Scenario& scenario) {
  host::Duration all = std::chrono::seconds(60);
  for (const auto& step : scenario.steps) {
    if (const auto* const call = std::get_if<sim::CallAgent>(&step.what.what)) {
      all += call->operation.timeout;
    } else if (const auto* const pass = std::get_if<sim::Pass>(&step.what.what)) {
      all += pass->duration;
    } else if (const auto* const run = std::get_if<sim::RunProgram>(&step.what.what)) {
      all += run->lasts;
    } else if (const auto* const ask = std::get_if<sim::AskOptions>(&step.what.what)) {
      all += ask->lasts;
    } else if (const auto* const send = std::get_if<sim::SendSignal>(&step.what.what)) {
      all += send->watched;
    }
  }
  return all;
}

// An agent without this parameter always uses its own probe.
Scenario without_probe(Scenario scenario) {
  for (auto& [name, instance] : scenario.instances) {
    const auto probe = instance.parameters.find("probe");
    if (probe != instance.parameters.end() && probe->second == "sipsak") {
      instance.parameters.erase(probe);
    }
  }
  return scenario;
}

// libfaketime's clock begins with each program, and an agent with this parameter compares the times
// of two of its runs.
bool compares_times(const Scenario& scenario) {
  return std::ranges::any_of(scenario.instances, [](const auto& instance) {
    return instance.second.parameters.contains("watch");
  });
}

// Programs share libfaketime's clock with their children, but a process that has changed its user
// cannot open it.
bool sets_account(const Scenario& scenario) {
  return std::ranges::any_of(scenario.instances, [](const auto& instance) {
    return instance.second.parameters.contains("kamuser");
  });
}

NodeRig at_rate(NodeRig rig, double rate) {
  rig.rate = rate;
  return rig;
}

NodeRig in_real_time(const NodeRig& rig) { return at_rate(rig, 1); }

NodeRig at_slow_rate(const NodeRig& rig) { return at_rate(rig, std::min(rig.rate, slow_rate)); }

constexpr auto longest_check = std::chrono::minutes(10);

contract::Subject subject_on_node(const NodeRig& rig, const Resources& resources) {
  contract::Subject subject{
      .cluster = cluster::Cluster(path_on_node(rig), rig.name, rig.rate, rig.environment),
      .name = rig.name,
      .resource = resources.first,
      .other = resources.second,
      .rate = rig.rate};
  if (rig.rate > 1) {
    // libfaketime creates files there.
    subject.surroundings.of_others = {"/dev/shm/faketime_shm_", "/dev/shm/sem.faketime_sem_"};
  }
  return subject;
}

Job job_for(const contract::Check& check, const NodeRig& rig, const Resources& resources) {
  return {.question = {.name = check.id,
                       .topic = contract::topic_of(check),
                       .claim = check.claim,
                       .rests_on = check.rests_on},
          .rig = "contract",
          .play =
              [&check, rig, resources](node::Init& /*init*/) {
                auto subject = subject_on_node(rig, resources);
                learn_meta_data(subject);
                return run_check(check, subject);
              },
          .make_node = [rig] { make_node(rig); },
          .patience = longest_check};
}

bool can_make(cluster::Caller caller, const sim::CallAgent& call) {
  const auto is_one_of = [&](std::initializer_list<const char*> actions) {
    return std::ranges::find(actions, call.action) != actions.end();
  };
  switch (caller) {
    case cluster::Caller::pacemaker:
      return true;
    case cluster::Caller::pcs:
      return is_one_of({"validate-all", "meta-data"});
    case cluster::Caller::crmsh:
      return is_one_of({"validate-all", "meta-data"}) && !call.operation.check_level;
    case cluster::Caller::drbd_reactor:
      return is_one_of({"start", "stop", "monitor"}) &&
             call.operation.timeout == sim::Operation().timeout &&
             call.operation.interval == sim::Operation().interval;
  }
  return false;
}

class Planner {
 public:
  explicit Planner(const RigSet& rigs) : rigs_(rigs) {}

  void add(const Scenario& given) {
    auto scenario = given;
    for (auto& [instance, resource] : scenario.instances) {
      resource.parameters.insert(rigs_.defaults.begin(), rigs_.defaults.end());
    }
    if (auto why_not = why_not_simulated(scenario); rigs_.simulated && !why_not.empty()) {
      skip(scenario, "simulated", why_not);
    } else if (rigs_.simulated) {
      plan_.jobs.push_back({.question = question_of(scenario),
                            .rig = "simulated",
                            .play =
                                [scenario](node::Init&) {
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
    const bool is_recording = !scenario.measured_with.empty();
    if (is_recording && ::geteuid() != 0) {
      why_not = "programs run as several users, which takes root";
    }
    if (!why_not.empty()) {
      skip(scenario, name, why_not);
      return;
    }
    const bool takes_real_time = is_recording || sets_account(scenario) || compares_times(scenario);
    const auto at_its_rate = takes_real_time ? in_real_time(rig) : rig;
    auto job = job_for(scenario, name, at_its_rate);
    job.again = std::make_shared<const Job>(job_for(scenario, name, at_slow_rate(at_its_rate)));
    plan_.jobs.push_back(std::move(job));
  }

  void skip(const Scenario& scenario, const std::string& rig, const std::string& why) {
    plan_.skipped.push_back({.question = question_of(scenario),
                             .rig = rig,
                             .verdict = Outcome::Verdict::skipped,
                             .reason = why});
  }

  static Job job_for(const Scenario& scenario, const std::string& name, const NodeRig& rig) {
    // The start of processes takes real time.
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

void plan_contract(Plan& plan, const NodeRig& rig, const Resources& resources) {
  for (const auto& check : contract::all_checks()) {
    const auto at_its_rate = check.by_ordinary_user ? in_real_time(rig) : rig;
    auto job = job_for(check, at_its_rate, resources);
    job.again = std::make_shared<const Job>(job_for(check, at_slow_rate(at_its_rate), resources));
    plan.jobs.push_back(std::move(job));
  }
}

bool names(const Plan& plan, const std::string& text) {
  const auto has_it = [&](const Question& question) {
    return question.name.find(text) != std::string::npos;
  };
  return std::ranges::any_of(plan.jobs, has_it, &Job::question) ||
         std::ranges::any_of(plan.skipped, has_it, &Outcome::question);
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
  for (auto& scenario : scenarios) {
    for (auto& step : scenario.steps) {
      auto* const call = std::get_if<sim::CallAgent>(&step.what.what);
      if (call != nullptr && call->operation.caller == cluster::Caller::pacemaker &&
          can_make(caller, *call)) {
        call->operation.caller = caller;
      }
    }
  }
}

}  // namespace conformance
