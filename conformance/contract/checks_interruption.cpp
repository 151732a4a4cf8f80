// The cluster kills an agent at its timeout, and a monitor also when it is cancelled.

#include "conformance/contract/contract.h"
#include "conformance/contract/trial.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace contract {
namespace {

using Level = Check::Level;
using std::chrono::microseconds;

// Moments within a call that takes this long without an interruption.
std::vector<microseconds> moments(std::chrono::milliseconds took) {
  const auto whole = std::max<microseconds>(took, std::chrono::milliseconds(1));
  return {whole / 20, whole / 4, whole / 2, whole * 3 / 4, whole * 19 / 20};
}

// The durations of a start and a stop that are not interrupted.
struct Rehearsal {
  std::chrono::milliseconds start{0};
  std::chrono::milliseconds stop{0};
};

std::optional<Rehearsal> rehearse(Trial& trial) {
  if (!trial.started()) {
    return std::nullopt;
  }
  static_cast<void>(trial.call("stop"));
  Rehearsal rehearsal;
  rehearsal.start = trial.call("start").result.took;
  rehearsal.stop = trial.call("stop").result.took;
  if (!trial.lasting_processes().empty()) {
    trial.does_not_fit("the stop leaves processes even if nothing was killed");
    return std::nullopt;
  }
  return rehearsal;
}

// Expects that a stop succeeds, and that nothing runs afterwards.
void expect_stopped(Trial& trial) {
  if (trial.expect_code(trial.call("stop"), {success}, "a stop after the kill")) {
    const auto monitor = trial.call("monitor");
    trial.expect_code(monitor, {not_running}, "a monitor after the stop");
    trial.expect_none(
        monitor, names_of(trial.lasting_processes()), "no process is left",
        "the cluster would start the resource on another node while it still runs here");
  }
}

void killed_start(Trial& trial) {
  const auto rehearsal = rehearse(trial);
  if (!rehearsal) {
    return;
  }
  for (const auto moment : moments(rehearsal->start)) {
    static_cast<void>(trial.call("start", {.kill_after = moment}));
    expect_stopped(trial);
    if (!trial.findings().empty()) {
      return;
    }
  }
  trial.expect_code(trial.call("start"), {success}, "a start after the kills");
}

void monitor_after_killed_start(Trial& trial) {
  const auto rehearsal = rehearse(trial);
  if (!rehearsal) {
    return;
  }
  for (const auto moment : moments(rehearsal->start)) {
    const auto start = trial.call("start", {.kill_after = moment});
    const auto monitor = trial.call("monitor");
    if (monitor.result.code == not_running &&
        !trial.expect_none(start, names_of(trial.lasting_processes()),
                           "a monitor returns 7 only if no process lives",
                           "the cluster would start a second instance beside the running one")) {
      return;
    }
    static_cast<void>(trial.call("stop"));
  }
}

void killed_stop(Trial& trial) {
  const auto rehearsal = rehearse(trial);
  if (!rehearsal) {
    return;
  }
  for (const auto moment : moments(rehearsal->stop)) {
    if (!trial.started()) {
      return;
    }
    static_cast<void>(trial.call("stop", {.kill_after = moment}));
    expect_stopped(trial);
    if (!trial.findings().empty()) {
      return;
    }
  }
}

// The duration of an uninterrupted call, from the given state.
std::chrono::milliseconds time_of(Trial& trial, const std::string& action) {
  return trial.call(action).result.took;
}

void kill_monitors(Trial& trial, cluster::Victim victim) {
  const auto took = time_of(trial, "monitor");
  for (const auto moment : moments(took)) {
    static_cast<void>(trial.call("monitor", {.kill_after = moment, .victim = victim}));
    if (!trial.expect_monitor(active)) {
      return;
    }
  }
}

void killed_monitor(Trial& trial) {
  if (trial.started()) {
    kill_monitors(trial, cluster::Victim::group);
  }
}

void killed_monitor_alone(Trial& trial) {
  if (trial.started()) {
    kill_monitors(trial, cluster::Victim::process);
  }
}

void killed_monitor_leaves_nothing(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  const auto before = trial.processes();
  const auto took = time_of(trial, "monitor");
  for (const auto moment : moments(took)) {
    const auto call = trial.call("monitor", {.kill_after = moment});
    if (!trial.expect_none(call, names_of(trial.lasting_processes(before)),
                           "a killed monitor leaves no process",
                           "they would accumulate with each timeout")) {
      return;
    }
  }
}

void killed_probe(Trial& trial) {
  const auto took = time_of(trial, "monitor");
  for (const auto moment : moments(took)) {
    static_cast<void>(trial.call("monitor", {.kill_after = moment}));
  }
  trial.expect_monitor({not_running});
}

void killed_promote(Trial& trial) {
  const auto rehearsal = rehearse(trial);
  if (!rehearsal || !trial.started()) {
    return;
  }
  const auto took = time_of(trial, "promote");
  for (const auto moment : moments(took)) {
    static_cast<void>(trial.call("demote"));
    static_cast<void>(trial.call("promote", {.kill_after = moment}));
    if (!trial.expect_code(trial.call("demote"), {success}, "a demote after the kill") ||
        !trial.expect_monitor(active)) {
      return;
    }
  }
  expect_stopped(trial);
}

}  // namespace

std::vector<Check> interruption_checks() {
  return {
      {.id = "contract.killed.start",
       .rests_on = {"cluster.killed", "ocf.stop.stops"},
       .claim = "A stop cleans up after a start that was killed, at any moment",
       .run = killed_start},
      {.id = "contract.killed.start-monitor",
       .rests_on = {"ocf.codes.not-running", "cluster.killed"},
       .claim = "After a killed start, a monitor returns 7 only if no process lives",
       .run = monitor_after_killed_start},
      {.id = "contract.killed.stop",
       .rests_on = {"cluster.killed", "ocf.stop.stops"},
       .claim = "A stop completes one that was killed, at any moment",
       .run = killed_stop},
      {.id = "contract.killed.monitor",
       .rests_on = {"cluster.killed", "ocf.monitor.available"},
       .claim = "After a monitor that was killed, the resource is active as before",
       .run = killed_monitor},
      {.id = "contract.killed.monitor-alone",
       .rests_on = {"cluster.killed", "ocf.monitor.available"},
       .claim = "After only the monitor's own process was killed, not its group, the resource is "
                "active as before",
       .run = killed_monitor_alone},
      {.id = "contract.killed.monitor-leaves-nothing",
       .rests_on = {"cluster.helpers"},
       .level = Level::should,
       .claim = "A monitor that was killed leaves no processes",
       .run = killed_monitor_leaves_nothing},
      {.id = "contract.killed.probe",
       .rests_on = {"cluster.killed", "ocf.codes.not-running"},
       .claim = "After a probe that was killed, the resource is stopped as before",
       .run = killed_probe},
      {.id = "contract.killed.promote",
       .rests_on = {"cluster.killed", "ocf.demote.unpromoted"},
       .claim = "A demote cleans up after a promote that was killed, at any moment",
       .misfit = unless_both_advertised("promote", "demote"),
       .run = killed_promote},
  };
}

}  // namespace contract
