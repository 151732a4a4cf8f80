// Promoted and unpromoted.

#include "conformance/contract/contract.h"
#include "conformance/contract/trial.h"

#include <string>
#include <vector>

namespace contract {
namespace {

void both_actions(Trial& trial) {
  const auto call = trial.call("meta-data");
  for (const std::string name : {"promote", "demote"}) {
    trial.expect(call, trial.meta_data().action(name) != nullptr,
                 "an agent with roles has promote and demote", name, "no " + name + " action",
                 "the cluster could change the role in one direction only");
  }
}

void start_unpromoted(Trial& trial) {
  if (trial.started()) {
    trial.expect_monitor(active);
  }
}

void promote(Trial& trial) {
  if (trial.started() && trial.expect_code(trial.call("promote"), {success})) {
    trial.expect_monitor(promoted);
  }
}

void promote_twice(Trial& trial) {
  if (trial.has_promoted() && trial.expect_code(trial.call("promote"), {success})) {
    trial.expect_monitor(promoted);
  }
}

void role_is_kept(Trial& trial) {
  if (!trial.has_promoted()) {
    return;
  }
  const auto before = trial.processes();
  constexpr int times = 5;
  for (int i = 0; i < times; ++i) {
    const auto call = trial.call("monitor");
    if (!trial.expect_code(call, promoted) ||
        !trial.expect_none(call, names_of(trial.lost_processes(before)),
                           "the processes of the resource survive",
                           "the service would be interrupted")) {
      return;
    }
  }
}

void demote(Trial& trial) {
  if (trial.has_promoted() && trial.expect_code(trial.call("demote"), {success})) {
    trial.expect_monitor(active);
  }
}

void demote_twice(Trial& trial) {
  if (trial.has_promoted() && trial.expect_code(trial.call("demote"), {success}) &&
      trial.expect_code(trial.call("demote"), {success})) {
    trial.expect_monitor(active);
  }
}

void demote_unpromoted(Trial& trial) {
  if (trial.started() && trial.expect_code(trial.call("demote"), {success})) {
    trial.expect_monitor(active);
  }
}

void promote_stopped(Trial& trial) {
  const auto call = trial.call("promote");
  if (call.result.code == success) {
    trial.expect_monitor(promoted);
  }
}

void promote_again(Trial& trial) {
  if (trial.has_promoted() && trial.expect_code(trial.call("demote"), {success}) &&
      trial.expect_code(trial.call("promote"), {success})) {
    trial.expect_monitor(promoted);
  }
}

void stop_promoted(Trial& trial) {
  if (trial.has_promoted() && trial.expect_code(trial.call("stop"), {success})) {
    trial.expect_monitor({not_running});
  }
}

void start_promoted(Trial& trial) {
  if (trial.has_promoted()) {
    trial.expect_code(trial.call("start"), {success});
  }
}

void restart_unpromoted(Trial& trial) {
  if (!trial.has_promoted() || !trial.expect_code(trial.call("demote"), {success}) ||
      !trial.expect_code(trial.call("stop"), {success})) {
    return;
  }
  if (trial.expect_code(trial.call("start"), {success})) {
    trial.expect_monitor(active);
  }
}

// Only agents with roles may return 8, 9 and 191.
void no_roles(Trial& trial) {
  const Codes of_roles = {running_promoted, 9, degraded_promoted};
  const auto look = [&](const Call& call) {
    trial.expect(call, !is_one_of(call.result.code, of_roles),
                 "the exit code of an agent without roles", "none of 8, 9, 191",
                 code_text(call.result.code),
                 "the cluster would assume that the resource is promoted, and recover it");
  };
  look(trial.call("monitor"));
  if (trial.started()) {
    look(trial.call("monitor"));
  }
}

std::string if_roles(const Subject& subject) {
  return has_roles(subject.meta_data) ? "the agent has roles" : "";
}

}  // namespace

std::vector<Check> role_checks() {
  const auto misfit = unless_roles();
  return {
      {.id = "contract.roles.both-actions",
       .rests_on = {"ocf.promote.promoted", "ocf.demote.unpromoted"},
       .claim = "An agent with roles has both promote and demote",
       .misfit = misfit,
       .run = both_actions},
      {.id = "contract.roles.start",
       .rests_on = {"ocf.start.unpromoted"},
       .claim = "After a start the resource is unpromoted",
       .misfit = misfit,
       .run = start_unpromoted},
      {.id = "contract.roles.restart",
       .rests_on = {"ocf.start.unpromoted"},
       .claim = "A resource that was promoted once starts unpromoted again",
       .misfit = misfit,
       .run = restart_unpromoted},
      {.id = "contract.roles.promote",
       .rests_on = {"ocf.promote.promoted", "ocf.codes.promoted"},
       .claim = "A promote succeeds, and a monitor then returns 8",
       .misfit = misfit,
       .run = promote},
      {.id = "contract.roles.promote-twice",
       .rests_on = {"ocf.actions.idempotent", "ocf.promote.promoted"},
       .claim = "A second promote succeeds",
       .misfit = misfit,
       .run = promote_twice},
      {.id = "contract.roles.promote-stopped",
       .rests_on = {"ocf.promote.promoted"},
       .claim = "A promote of a resource that is stopped succeeds only if it is promoted then",
       .misfit = misfit,
       .run = promote_stopped},
      {.id = "contract.roles.promote-again",
       .rests_on = {"ocf.promote.promoted"},
       .claim = "A resource that was demoted can be promoted again",
       .misfit = misfit,
       .run = promote_again},
      {.id = "contract.roles.kept",
       .rests_on = {"ocf.monitor.available", "ocf.codes.promoted"},
       .claim = "Monitors leave the role, and the service, as they are",
       .misfit = misfit,
       .run = role_is_kept},
      {.id = "contract.roles.demote",
       .rests_on = {"ocf.demote.unpromoted"},
       .claim = "A demote succeeds, and a monitor then returns 0",
       .misfit = misfit,
       .run = demote},
      {.id = "contract.roles.demote-twice",
       .rests_on = {"ocf.actions.idempotent", "ocf.demote.unpromoted"},
       .claim = "A second demote succeeds",
       .misfit = misfit,
       .run = demote_twice},
      {.id = "contract.roles.demote-unpromoted",
       .rests_on = {"ocf.demote.unpromoted"},
       .claim = "A demote of a resource that is unpromoted succeeds",
       .misfit = misfit,
       .run = demote_unpromoted},
      {.id = "contract.roles.stop-promoted",
       .rests_on = {"ocf.stop.stops"},
       .claim = "A stop stops a resource that is promoted, too",
       .misfit = misfit,
       .run = stop_promoted},
      {.id = "contract.roles.start-promoted",
       .rests_on = {"ocf.start.running"},
       .claim = "A start of a resource that runs promoted succeeds",
       .misfit = misfit,
       .run = start_promoted},
      {.id = "contract.roles.none",
       .rests_on = {"ocf.codes.promoted"},
       .claim = "An agent without roles never reports promoted",
       .misfit = if_roles,
       .run = no_roles},
  };
}

}  // namespace contract
