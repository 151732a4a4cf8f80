#include "conformance/contract/contract.h"
#include "conformance/contract/trial.h"

#include <string>
#include <vector>

namespace contract {
namespace {

using Level = Check::Level;

constexpr auto runs_twice =
    "the cluster would start the resource on another node while it still runs here";

void succeeds(Trial& trial) {
  if (trial.started() && trial.expect_code(trial.call("stop"), {success})) {
    trial.expect_monitor({not_running});
  }
}

void stopped(Trial& trial) {
  trial.expect_code(trial.call("stop"), {success});
  trial.expect_monitor({not_running});
}

void twice(Trial& trial) {
  if (!trial.started() || !trial.expect_code(trial.call("stop"), {success})) {
    return;
  }
  trial.expect_code(trial.call("stop"), {success});
  trial.expect_monitor({not_running});
}

// The kernel may still be ending the last process. That does not excuse a service that still runs.
void expect_no_process(Trial& trial, const Call& stop) {
  constexpr std::chrono::milliseconds kernel(50);
  Trial::eventually(kernel, [&] { return trial.processes().empty(); });
  trial.expect_none(stop, names_of(trial.processes()), "no process is left", runs_twice);
}

void ends_processes(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  const auto stop = trial.call("stop");
  if (stop.result.code == success) {
    expect_no_process(trial, stop);
  }
}

void removes_files(Trial& trial) {
  static_cast<void>(trial.call("meta-data"));  // what its library makes once is not the resource's
  const auto before = trial.look();
  if (!trial.started()) {
    return;
  }
  trial.expect_monitor(active);
  const auto stop = trial.call("stop");
  std::vector<std::string> left;
  for (const auto& file : new_files(before, trial.look())) {
    // Data remain for the next start.
    if (!file.starts_with("/var/lib/") && !file.starts_with("/var/cache/")) {
      left.push_back(file);
    }
  }
  trial.expect_none(stop, left, "no file is left",
                    "the next start, or another resource, could fail because of them");
}

void removes_ipc(Trial& trial) {
  const auto before = trial.look();
  if (!trial.started()) {
    return;
  }
  const auto stop = trial.call("stop");
  trial.expect_none(stop, new_ipc(before, trial.look()), "no System V IPC object is left",
                    "the kernel's tables would fill up with each stop");
}

// The processes of a running resource; if there are none, the check is skipped.
std::map<pid_t, Process> running_processes(Trial& trial) {
  if (!trial.started()) {
    return {};
  }
  auto processes = trial.processes();
  if (processes.empty()) {
    trial.does_not_fit("the resource has no processes");
  }
  return processes;
}

void frozen_truth(Trial& trial) {
  const auto processes = running_processes(trial);
  if (processes.empty()) {
    return;
  }
  trial.freeze(processes);
  const auto stop = trial.call("stop");
  if (stop.result.code == success) {
    expect_no_process(trial, stop);
  }
}

void frozen_ends(Trial& trial) {
  const auto processes = running_processes(trial);
  if (processes.empty()) {
    return;
  }
  trial.freeze(processes);
  trial.expect_code(trial.call("stop"), {success});
}

void died(Trial& trial) {
  const auto processes = running_processes(trial);
  if (processes.empty()) {
    return;
  }
  trial.kill(processes);
  if (!trial.expect_code(trial.call("stop"), {success})) {
    return;
  }
  trial.expect_monitor({not_running});
  if (trial.expect_code(trial.call("start"), {success})) {
    trial.expect_monitor(active);
  }
}

}  // namespace

std::vector<Check> stop_checks() {
  return {
      {.id = "contract.stop.succeeds",
       .rests_on = {"ocf.stop.stops", "ocf.codes.stop", "ocf.codes.not-running"},
       .claim = "A stop succeeds with 0, and a monitor then returns 7",
       .run = succeeds},
      {.id = "contract.stop.stopped",
       .rests_on = {"ocf.stop.stopped", "ocf.codes.stop"},
       .claim = "A stop of a resource that never ran here succeeds with 0",
       .run = stopped},
      {.id = "contract.stop.twice",
       .rests_on = {"ocf.stop.stopped", "ocf.actions.idempotent"},
       .claim = "A second stop succeeds",
       .run = twice},
      {.id = "contract.stop.processes",
       .rests_on = {"ocf.stop.stops", "ocf.stop.error"},
       .claim = "When a stop has succeeded, no process is left",
       .run = ends_processes},
      {.id = "contract.stop.files",
       .rests_on = {"ocf.stop.artifacts"},
       .level = Level::should,
       .claim = "A stop removes the files of the run",
       .run = removes_files},
      {.id = "contract.stop.ipc",
       .rests_on = {"ocf.stop.artifacts"},
       .level = Level::should,
       .claim = "A stop removes shared memory, semaphores and message queues",
       .run = removes_ipc},
      {.id = "contract.stop.frozen",
       .rests_on = {"ocf.stop.error", "ocf.stop.stops"},
       .claim = "A stop of frozen processes succeeds only if they are gone",
       .run = frozen_truth},
      {.id = "contract.stop.frozen-by-force",
       .rests_on = {"cluster.stop-by-force", "ocf.stop.force"},
       .level = Level::should,
       .claim = "A stop ends frozen processes by force",
       .run = frozen_ends},
      {.id = "contract.stop.died",
       .rests_on = {"ocf.stop.stopped", "ocf.stop.stops"},
       .claim = "A resource whose processes have died can be stopped and started again",
       .run = died},
  };
}

}  // namespace contract
