// notify, reload, reload-agent, recover, and migration.

#include "conformance/contract/contract.h"
#include "conformance/contract/parameters.h"
#include "conformance/contract/trial.h"

#include <string>
#include <vector>

namespace contract {
namespace {

using Level = Check::Level;

void expect_same_processes(Trial& trial, const Call& call, const std::map<pid_t, Process>& before) {
  trial.expect_none(call, names_of(trial.lost_processes(before)),
                    "the processes of the resource survive", "the service would be interrupted");
}

void notify(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  const auto before = trial.processes();
  for (const std::string type : {"pre", "post"}) {
    for (const std::string operation : {"start", "stop", "promote", "demote"}) {
      const auto call = trial.call(
          "notify", {.environment = {{"OCF_RESKEY_CRM_meta_notify", "true"},
                                     {"OCF_RESKEY_CRM_meta_notify_type", type},
                                     {"OCF_RESKEY_CRM_meta_notify_operation", operation}}});
      if (!trial.expect_code(call, {success})) {
        return;
      }
      expect_same_processes(trial, call, before);
    }
  }
  trial.expect_monitor(active);
}

void reload(Trial& trial) {
  if (trial.started() && trial.expect_code(trial.call("reload"), {success})) {
    trial.expect_monitor(active);
  }
}

void reload_agent(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  const auto before = trial.processes();
  const auto call = trial.call("reload-agent");
  if (trial.expect_code(call, {success})) {
    expect_same_processes(trial, call, before);
    trial.expect_monitor(active);
  }
}

void reload_agent_changed(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  const How how = {.resource = reloaded_resource(trial.subject())};
  if (trial.expect_code(trial.call("reload-agent", how), {success})) {
    trial.expect_monitor(active, how);
    if (trial.expect_code(trial.call("stop", how), {success})) {
      trial.expect_monitor({not_running}, how);
    }
  }
}

std::string unless_reloadable(const Subject& subject) {
  auto misfit = unless_advertised("reload-agent")(subject);
  return misfit.empty() && !reloaded_resource(subject)
             ? "no reloadable parameter is a boolean or a select"
             : misfit;
}

void recover(Trial& trial) {
  if (trial.started() && trial.expect_code(trial.call("recover"), {success})) {
    trial.expect_monitor(active);
  }
}

// The node is both source and target, and only consistent results are required.
void migrate(Trial& trial) {
  const How how = {.environment = {{"OCF_RESKEY_CRM_meta_migrate_source", "node1"},
                                   {"OCF_RESKEY_CRM_meta_migrate_target", "node2"}}};
  if (!trial.started()) {
    return;
  }
  const auto away = trial.call("migrate_to", how);
  if (away.result.code != success) {
    trial.does_not_fit("it cannot migrate: migrate_to returned " + code_text(away.result.code));
    return;
  }
  if (trial.expect_code(trial.call("stop", how), {success}, "a stop on the source")) {
    trial.expect_monitor({not_running});
  }
}

}  // namespace

std::vector<Check> optional_action_checks() {
  return {
      {.id = "contract.notify.succeeds",
       .rests_on = {"ocf.notify.coordinates"},
       .level = Level::should,
       .claim = "notify succeeds before and after each action, and leaves the service alone",
       .misfit = unless_advertised("notify"),
       .run = notify},
      {.id = "contract.reload.available",
       .rests_on = {"ocf.reload.native"},
       .level = Level::should,
       .claim = "After a reload the resource is active",
       .misfit = unless_advertised("reload"),
       .run = reload},
      {.id = "contract.reload-agent.unchanged",
       .rests_on = {"ocf.reload-agent.effective"},
       .level = Level::should,
       .claim = "A reload-agent restarts nothing",
       .misfit = unless_advertised("reload-agent"),
       .run = reload_agent},
      {.id = "contract.reload-agent.changed",
       .rests_on = {"ocf.reload-agent.effective"},
       .level = Level::should,
       .claim = "The resource keeps running with a changed reloadable parameter",
       .misfit = unless_reloadable,
       .run = reload_agent_changed},
      {.id = "contract.recover.active",
       .rests_on = {"ocf.recover.recovers"},
       .level = Level::should,
       .claim = "After a recover the resource is active",
       .misfit = unless_advertised("recover"),
       .run = recover},
      {.id = "contract.migrate.stop-on-source",
       .rests_on = {"cluster.migration", "ocf.stop.stopped"},
       .level = Level::should,
       .claim = "A resource that has migrated away can be stopped here",
       .misfit = unless_both_advertised("migrate_to", "migrate_from"),
       .run = migrate},
  };
}

}  // namespace contract
