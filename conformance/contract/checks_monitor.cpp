#include "conformance/contract/contract.h"
#include "conformance/contract/trial.h"

#include <future>
#include <string>
#include <utility>
#include <vector>

namespace contract {
namespace {

using Level = Check::Level;

constexpr auto pile_up = "they would accumulate with each call";

How probe() { return {.environment = {{"OCF_RESKEY_CRM_meta_interval", "0"}}}; }

void before_start(Trial& trial) { trial.expect_monitor({not_running}); }

void probe_before_start(Trial& trial) { trial.expect_monitor({not_running}, probe()); }

void probe_changes_nothing(Trial& trial) {
  static_cast<void>(trial.call("meta-data"));  // what its library makes once is not the probe's
  const auto before = trial.look();
  const auto call = trial.call("monitor", probe());
  constexpr auto* consequence = "a probe would change the node";
  trial.expect_none(call, changed_files(before, trial.look()), "a probe changes no file",
                    consequence);
  trial.expect_none(call, names_of(trial.lasting_processes()), "a probe leaves no process",
                    consequence);
}

void probe_running(Trial& trial) {
  if (trial.started()) {
    trial.expect_monitor(active, probe());
  }
}

void available(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  const auto before = trial.processes();
  constexpr int times = 10;
  for (int i = 0; i < times; ++i) {
    const auto call = trial.call("monitor");
    if (!trial.expect_code(call, active) ||
        !trial.expect_none(call, names_of(trial.lost_processes(before)),
                           "the processes of the resource survive",
                           "the service would be interrupted")) {
      return;
    }
  }
}

void leaves_nothing(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  static_cast<void>(trial.call("monitor"));
  const auto before = trial.look();
  const auto call = trial.call("monitor");
  trial.expect_none(call,
                    names_of(new_processes(before.processes, trial.look().processes)).empty()
                        ? std::vector<std::string>()
                        : names_of(trial.lasting_processes(before.processes)),
                    "a monitor leaves no process", pile_up);
  trial.expect_none(call, new_files(before, trial.look()), "a monitor leaves no file", pile_up);
}

// Also while a PID file still names the dead processes.
void died(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  const auto processes = trial.processes();
  if (processes.empty()) {
    trial.does_not_fit("the resource has no processes");
    return;
  }
  trial.kill(processes);
  trial.expect_monitor({not_running, generic_error, 2, 4, 5, 6});
}

void side_by_side(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  constexpr int times = 4;
  std::vector<std::future<Call>> calls;
  for (int i = 0; i < times; ++i) {
    calls.push_back(trial.call_in_background("monitor"));
  }
  for (auto& call : calls) {
    trial.expect_code(trial.finish(std::move(call)), active);
  }
}

}  // namespace

std::vector<Check> monitor_checks() {
  return {
      {.id = "contract.monitor.before-start",
       .rests_on = {"ocf.codes.not-running", "ocf.monitor.checks"},
       .claim = "A monitor of a resource that never ran here returns 7",
       .run = before_start},
      {.id = "contract.monitor.probe",
       .rests_on = {"cluster.probe", "ocf.codes.not-running"},
       .claim = "A probe of a resource that never ran here returns 7",
       .run = probe_before_start},
      {.id = "contract.monitor.probe-changes-nothing",
       .rests_on = {"cluster.probe"},
       .claim = "A probe changes no file, and leaves no process",
       .run = probe_changes_nothing},
      {.id = "contract.monitor.probe-finds",
       .rests_on = {"ocf.codes.success", "ocf.monitor.checks"},
       .claim = "A probe of a resource that runs finds it active",
       .run = probe_running},
      {.id = "contract.monitor.available",
       .rests_on = {"ocf.monitor.available", "ocf.actions.idempotent"},
       .claim = "Any number of monitors leaves the service unchanged",
       .run = available},
      {.id = "contract.monitor.leaves-nothing",
       .rests_on = {"cluster.helpers"},
       .level = Level::should,
       .claim = "A monitor leaves neither processes nor files",
       .run = leaves_nothing},
      {.id = "contract.monitor.died",
       .rests_on = {"ocf.monitor.checks", "ocf.codes.success"},
       .claim = "A monitor notices that the processes of the resource have died",
       .run = died},
      {.id = "contract.monitor.side-by-side",
       .rests_on = {"ocf.actions.parallel"},
       .level = Level::should,
       .claim = "Several monitors at the same time find the resource active",
       .run = side_by_side},
  };
}

}  // namespace contract
