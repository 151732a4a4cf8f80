// Several resources of one type, and several calls at the same time.

#include "conformance/contract/contract.h"
#include "conformance/contract/parameters.h"
#include "conformance/contract/trial.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace contract {
namespace {

using Level = Check::Level;

How how_to_call(const cluster::Resource& resource) { return {.resource = resource}; }

// The other resource, if both start. Parameters that are not declared unique may collide all the
// same.
bool both_started(Trial& trial, const How& other) {
  return trial.started() && trial.started(other);
}

std::string parameters_text(const cluster::Resource& resource) {
  std::string text;
  for (const auto& [name, value] : resource.parameters) {
    text += (text.empty() ? "" : " ") + name + "=" + value;
  }
  return text;
}

void other_is_stopped(Trial& trial) {
  const auto other = how_to_call(*other_resource(trial.subject()));
  if (!trial.started()) {
    return;
  }
  trial.expect_monitor({not_running}, other);
}

void both_run(Trial& trial) {
  const auto other = how_to_call(*other_resource(trial.subject()));
  if (both_started(trial, other)) {
    trial.expect_monitor(active);
    trial.expect_monitor(active, other);
  }
}

void stop_one(Trial& trial) {
  const auto other = how_to_call(*other_resource(trial.subject()));
  if (!both_started(trial, other)) {
    return;
  }
  trial.expect_code(trial.call("stop", other), {success});
  trial.expect_monitor({not_running}, other);
  trial.expect_monitor(active);
}

void start_other_keeps_first(Trial& trial) {
  const auto other = how_to_call(*other_resource(trial.subject()));
  if (!trial.started()) {
    return;
  }
  const auto before = trial.processes();
  if (!trial.started(other)) {
    return;
  }
  const auto call = trial.call("stop", other);
  trial.expect_none(call, names_of(trial.lost_processes(before)),
                    "the processes of the first resource survive",
                    "an action on one resource would affect another");
}

void starts_at_once(Trial& trial) {
  const auto other = how_to_call(*other_resource(trial.subject()));
  // Starts them one after the other first, to distinguish a collision from a general failure.
  if (!both_started(trial, other)) {
    return;
  }
  static_cast<void>(trial.call("stop"));
  static_cast<void>(trial.call("stop", other));
  auto first = trial.call_in_background("start");
  auto second = trial.call_in_background("start", other);
  trial.expect_code(trial.finish(std::move(first)), {success});
  trial.expect_code(trial.finish(std::move(second)), {success});
  trial.expect_monitor(active);
  trial.expect_monitor(active, other);
}

void stop_during_monitor(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  auto monitor = trial.call_in_background("monitor");
  const auto stop = trial.call("stop");
  trial.finish(std::move(monitor));
  if (trial.expect_code(stop, {success})) {
    trial.expect_monitor({not_running});
  }
}

// Without --second, a failure is a skip: the derived resource may be invalid, or equal to the
// first.
std::function<void(Trial&)> beside_another(void (*run)(Trial&)) {
  return [run](Trial& trial) {
    run(trial);
    if (!trial.subject().other && !trial.findings().empty()) {
      trial.withdraw("the failure may be caused by the derived second resource, " +
                     parameters_text(*other_resource(trial.subject())) +
                     "; set its parameters with --second");
    }
  };
}

std::string unless_two(const Subject& subject) {
  return other_resource(subject) ? "" : "no second value can be derived for a unique parameter";
}

}  // namespace

std::vector<Check> parallel_checks() {
  return {
      {.id = "contract.parallel.other-is-stopped",
       .rests_on = {"ocf.codes.not-running", "ocf.actions.parallel"},
       .claim = "While one resource runs, a monitor of another that is stopped returns 7",
       .misfit = unless_two,
       .run = beside_another(other_is_stopped)},
      {.id = "contract.parallel.both-run",
       .rests_on = {"ocf.actions.parallel"},
       .level = Level::should,
       .claim = "Two resources run side by side",
       .misfit = unless_two,
       .run = beside_another(both_run)},
      {.id = "contract.parallel.stop-one",
       .rests_on = {"ocf.actions.parallel"},
       .level = Level::should,
       .claim = "A stop of one resource leaves the other active",
       .misfit = unless_two,
       .run = beside_another(stop_one)},
      {.id = "contract.parallel.untouched",
       .rests_on = {"ocf.actions.parallel"},
       .level = Level::should,
       .claim = "Start and stop of one resource leave the processes of another alone",
       .misfit = unless_two,
       .run = beside_another(start_other_keeps_first)},
      {.id = "contract.parallel.starts",
       .rests_on = {"ocf.actions.parallel"},
       .level = Level::should,
       .claim = "Two resources start at the same time",
       .misfit = unless_two,
       .run = beside_another(starts_at_once)},
      {.id = "contract.parallel.stop-during-monitor",
       .rests_on = {"ocf.stop.stops", "ocf.actions.parallel"},
       .claim = "A stop during a monitor stops the resource",
       .run = stop_during_monitor},
  };
}

}  // namespace contract
