// Calls by a user without the necessary permissions.

#include "conformance/contract/contract.h"
#include "conformance/contract/trial.h"

#include <string>
#include <vector>

namespace contract {
namespace {

using Level = Check::Level;

void start_truth(Trial& trial) {
  if (!trial.can_be_nobody()) {
    return;
  }
  const auto start = trial.call("start", {.user = User::nobody});
  if (start.result.code == success) {
    const auto monitor = trial.call("monitor");
    trial.expect(start, is_one_of(monitor.result.code, active),
                 "a start that succeeds brings the resource up", "a monitor by root returns active",
                 code_text(monitor.result.code),
                 "the cluster would start dependent resources although the service is down");
  }
}

void stop_truth(Trial& trial) {
  if (!trial.can_be_nobody() || !trial.started()) {
    return;
  }
  const auto stop = trial.call("stop", {.user = User::nobody});
  if (stop.result.code == success) {
    const auto monitor = trial.call("monitor");
    trial.expect(
        stop, monitor.result.code == not_running, "a stop that succeeds stops the resource",
        "a monitor by root returns " + code_text(not_running), code_text(monitor.result.code),
        "the cluster would start the resource on another node while it still runs here");
  }
}

void monitor_truth(Trial& trial) {
  if (!trial.can_be_nobody() || !trial.started() || !trial.expect_monitor(active)) {
    return;
  }
  const auto call = trial.call("monitor", {.user = User::nobody});
  trial.expect(call, call.result.code != not_running,
               "the exit code of a user who cannot see the processes", "any other than 7",
               code_text(call.result.code),
               "the cluster would start a second instance beside the running one");
}

void start_code(Trial& trial) {
  if (!trial.can_be_nobody()) {
    return;
  }
  const auto start = trial.call("start", {.user = User::nobody});
  trial.expect_code(start, {not_permitted, success}, "the exit code without the permission");
}

}  // namespace

std::vector<Check> privilege_checks() {
  return {
      {.id = "contract.privileges.start",
       .rests_on = {"ocf.start.error", "ocf.codes.permission"},
       .claim = "A start by an ordinary user succeeds only if the resource runs then",
       .run = start_truth,
       .by_ordinary_user = true},
      {.id = "contract.privileges.stop",
       .rests_on = {"ocf.stop.error", "ocf.codes.permission"},
       .claim = "A stop by an ordinary user succeeds only if the resource is stopped then",
       .run = stop_truth,
       .by_ordinary_user = true},
      {.id = "contract.privileges.monitor",
       .rests_on = {"ocf.codes.not-running", "ocf.codes.permission"},
       .claim = "A monitor by an ordinary user does not return 7 for a running resource",
       .run = monitor_truth,
       .by_ordinary_user = true},
      {.id = "contract.privileges.code",
       .rests_on = {"ocf.codes.specific", "ocf.codes.permission"},
       .level = Level::should,
       .claim = "A start by a user without the permission returns 4",
       .run = start_code,
       .by_ordinary_user = true},
  };
}

}  // namespace contract
