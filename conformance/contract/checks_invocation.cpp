// The invocation of an agent, and unusual calls.

#include "conformance/contract/contract.h"
#include "conformance/contract/trial.h"

#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

namespace contract {
namespace {

using Level = Check::Level;

void executable(Trial& trial) {
  struct stat status = {};
  const auto& path = trial.subject().cluster.agent();
  const Call nothing{.step = path, .action = "", .result = {}};
  trial.expect(nothing, ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode),
               "the kind of file", "a regular file, or a link to one",
               "another kind of file, or none", "the cluster would not find the agent");
  trial.expect(nothing, ::access(path.c_str(), X_OK) == 0, "the kind of file", "executable",
               "not executable", "the cluster could not run the agent");
  trial.expect(nothing, path.ends_with("/" + trial.subject().name.type), "the file name",
               trial.subject().name.type, path.substr(path.rfind('/') + 1),
               "the cluster would use another type for the agent");
}

constexpr auto no_action = "ocf-contract-no-such-action";

void unknown_action(Trial& trial) { trial.expect_code(trial.call(no_action), {unimplemented}); }

void unknown_action_on_running(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  const auto before = trial.processes();
  const auto call = trial.call(no_action);
  trial.expect_none(call, names_of(trial.lost_processes(before)),
                    "the processes of the resource survive", "the service would be interrupted");
  trial.expect_monitor(active);
}

void no_argument(Trial& trial) {
  const auto call = trial.call("");
  trial.expect(call, call.result.code != success, "the exit code without an action", "an error",
               code_text(call.result.code), "the caller would assume success");
}

// If an ordinary call fails as well, the failure is not caused by the unusual part.
bool lives_as_usual(Trial& trial) {
  if (!trial.started()) {
    return false;
  }
  const auto code_of = [&](const std::string& action) { return trial.call(action).result.code; };
  const bool is_usual = is_one_of(code_of("monitor"), active) && code_of("stop") == success &&
                        code_of("monitor") == not_running;
  if (!is_usual) {
    trial.does_not_fit("the resource does not start and stop in an ordinary call, either");
  }
  return is_usual;
}

void further_arguments(Trial& trial) {
  const How more = {.further_arguments = {"--help", "stop", ""}};
  trial.expect_code(trial.call("meta-data", more), {success});
  if (!lives_as_usual(trial)) {
    return;
  }
  trial.expect_monitor({not_running}, more);
  if (trial.expect_code(trial.call("start", more), {success})) {
    trial.expect_monitor(active, more);
    trial.expect_code(trial.call("stop", more), {success});
    trial.expect_monitor({not_running});
  }
}

void other_caller(Trial& trial) {
  if (!lives_as_usual(trial)) {
    return;
  }
  const How how = {.caller = cluster::Caller::drbd_reactor};
  trial.expect_monitor({not_running}, how);
  if (trial.expect_code(trial.call("start", how), {success})) {
    trial.expect_monitor(active, how);
    trial.expect_code(trial.call("stop", how), {success});
    trial.expect_monitor({not_running}, how);
  }
}

void later_version(Trial& trial) {
  const auto call = trial.call(
      "start", {.environment = {{"OCF_RA_VERSION_MAJOR", "2"}, {"OCF_RA_VERSION_MINOR", "0"}}});
  trial.expect(call, call.result.code != success,
               "the exit code of a start with version 2.0 of the API", "an error",
               code_text(call.result.code),
               "a cluster with an incompatible API would use the agent");
}

// A later minor version adds features, and breaks nothing.
void later_minor_version(Trial& trial) {
  if (!lives_as_usual(trial)) {
    return;
  }
  const How how = {.environment = {{"OCF_RA_VERSION_MINOR", "9"}}};
  if (trial.expect_code(trial.call("start", how), {success})) {
    trial.expect_monitor(active, how);
    trial.expect_code(trial.call("stop", how), {success});
  }
}

// An instance of a clone that is globally unique.
void clone_instance(Trial& trial) {
  if (!lives_as_usual(trial)) {
    return;
  }
  How how;
  how.resource = trial.resource();
  how.resource->name += ":0";
  how.environment = {{"OCF_RESKEY_CRM_meta_clone", "0"},
                     {"OCF_RESKEY_CRM_meta_clone_max", "2"},
                     {"OCF_RESKEY_CRM_meta_clone_node_max", "1"},
                     {"OCF_RESKEY_CRM_meta_globally_unique", "true"},
                     {"OCF_RESKEY_CRM_meta_notify", "false"}};
  trial.expect_monitor({not_running}, how);
  if (trial.expect_code(trial.call("start", how), {success})) {
    trial.expect_monitor(active, how);
    trial.expect_code(trial.call("stop", how), {success});
    trial.expect_monitor({not_running}, how);
  }
}

}  // namespace

std::vector<Check> invocation_checks() {
  return {
      {.id = "contract.call.executable",
       .rests_on = {"ocf.tree.executable"},
       .level = Level::should,
       .claim = "The agent is an executable file called as its type",
       .run = executable},
      {.id = "contract.call.unknown-action",
       .rests_on = {"ocf.codes.unimplemented", "ocf.actions.status"},
       .claim = "An unknown action returns 3",
       .run = unknown_action},
      {.id = "contract.call.unknown-action-does-nothing",
       .rests_on = {"ocf.codes.unimplemented"},
       .claim = "An unknown action does not change the resource",
       .run = unknown_action_on_running},
      {.id = "contract.call.no-action",
       .rests_on = {"ocf.actions.status"},
       .claim = "A call without an action is an error",
       .run = no_argument},
      {.id = "contract.call.further-arguments",
       .rests_on = {"ocf.arguments.others"},
       .claim = "Arguments after the action are ignored",
       .run = further_arguments},
      {.id = "contract.call.other-callers",
       .rests_on = {"cluster.callers", "ocf.environment.parameters"},
       .level = Level::should,
       .claim = "The agent needs no variables other than those of OCF",
       .run = other_caller},
      {.id = "contract.call.later-version",
       .rests_on = {"ocf.version.mismatch", "ocf.environment.version"},
       .claim = "A caller with another major version of the API gets an error",
       .run = later_version},
      {.id = "contract.call.later-minor-version",
       .rests_on = {"ocf.version.minor"},
       .level = Level::should,
       .claim = "A caller with a later minor version of the API is served",
       .run = later_minor_version},
      {.id = "contract.call.clone-instance",
       .rests_on = {"cluster.clone-names"},
       .level = Level::should,
       .claim = "An instance of a clone, named NAME:0, starts and stops like any resource",
       .run = clone_instance},
  };
}

}  // namespace contract
