#include "conformance/contract/contract.h"
#include "conformance/contract/parameters.h"
#include "conformance/contract/trial.h"

#include <string>
#include <vector>

namespace contract {
namespace {

using Level = Check::Level;

constexpr auto interrupted = "the service would be interrupted";

// A start must not return 0 if nothing runs.
void expect_truth(Trial& trial, const Call& start, const How& how) {
  if (start.result.code == success) {
    trial.expect_monitor(active, how);
  }
}

void succeeds(Trial& trial) {
  if (trial.expect_code(trial.call("start"), {success})) {
    trial.expect_monitor(has_roles(trial.meta_data()) ? Codes{0, 8, 190, 191} : active);
  }
}

void complete(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  constexpr int times = 5;
  for (int i = 0; i < times; ++i) {
    if (!trial.expect_monitor(active)) {
      return;
    }
  }
}

void twice(Trial& trial) {
  if (trial.started() && trial.expect_code(trial.call("start"), {success})) {
    trial.expect_monitor(active);
  }
}

void twice_unchanged(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  const auto before = trial.processes();
  const auto call = trial.call("start");
  trial.expect_none(call, names_of(trial.lost_processes(before)),
                    "the processes of the resource survive", interrupted);
  trial.expect_none(call, names_of(trial.lasting_processes(before)),
                    "a second start leaves no new process", "the service would run twice");
}

void again_after_stop(Trial& trial) {
  if (!trial.started() || !trial.expect_code(trial.call("stop"), {success})) {
    return;
  }
  if (trial.expect_code(trial.call("start"), {success})) {
    trial.expect_monitor(active);
  }
}

// Leaves out each required parameter.
void required_missing(Trial& trial) {
  for (const auto& parameter : trial.meta_data().parameters) {
    if (parameter.required && trial.resource().parameters.contains(parameter.name)) {
      const How how = {.resource = trial.resource().without(parameter.name)};
      expect_truth(trial, trial.call("start", how), how);
    }
  }
}

std::string unless_required(const Subject& subject) {
  for (const auto& parameter : subject.meta_data.parameters) {
    if (parameter.required && subject.resource.parameters.contains(parameter.name)) {
      return "";
    }
  }
  return "no required parameter was given";
}

void wrong_parameters(Trial& trial) {
  for (const auto& wrong : wrong_values(trial.subject())) {
    const How how = {.resource = trial.resource().with(wrong.parameter, wrong.value)};
    expect_truth(trial, trial.call("start", how), how);
    trial.call("stop", {});
  }
}

std::string unless_wrong_values(const Subject& subject) {
  return wrong_values(subject).empty() ? "no parameter has a type with invalid values" : "";
}

void missing_software(Trial& trial) {
  for (const auto& parameter : programs_among_parameters(trial.subject())) {
    const auto path = "/nonexistent/ocf-contract/" + parameter;
    const auto call = trial.call("start", {.resource = trial.resource().with(parameter, path)});
    // The agent may use another program, or need none.
    trial.expect_code(
        call, {not_installed, invalid_arguments, not_configured, success},
        "the exit code of a start if the program " + parameter + "=" + path + " is missing");
    trial.call("stop", {});
  }
}

std::string unless_programs(const Subject& subject) {
  return programs_among_parameters(subject).empty() ? "no parameter names a program" : "";
}

}  // namespace

std::vector<Check> start_checks() {
  return {
      {.id = "contract.start.succeeds",
       .rests_on = {"ocf.start.online", "ocf.actions.mandatory"},
       .claim = "A start succeeds, and a monitor then finds the resource active",
       .run = succeeds},
      {.id = "contract.start.complete",
       .rests_on = {"ocf.start.complete"},
       .level = Level::should,
       .claim = "When a start has ended, each monitor finds the resource active",
       .run = complete},
      {.id = "contract.start.twice",
       .rests_on = {"ocf.start.running", "ocf.actions.idempotent"},
       .claim = "A start of a resource that runs succeeds",
       .run = twice},
      {.id = "contract.start.twice-changes-nothing",
       .rests_on = {"ocf.actions.unchanged", "ocf.actions.idempotent"},
       .level = Level::should,
       .claim = "A start of a resource that runs leaves its processes alone",
       .run = twice_unchanged},
      {.id = "contract.start.after-stop",
       .rests_on = {"ocf.stop.stops", "ocf.start.online"},
       .claim = "A resource that was stopped can be started again",
       .run = again_after_stop},
      {.id = "contract.start.required-parameter",
       .rests_on = {"ocf.start.error"},
       .claim = "A start without a required parameter succeeds only if the resource runs then",
       .misfit = unless_required,
       .run = required_missing},
      {.id = "contract.start.wrong-parameter",
       .rests_on = {"ocf.start.error"},
       .claim = "A start with a value of another type succeeds only if the resource runs then",
       .misfit = unless_wrong_values,
       .run = wrong_parameters},
      {.id = "contract.start.missing-program",
       .rests_on = {"ocf.codes.specific", "ocf.codes.installed"},
       .level = Level::should,
       .claim = "A start without its program returns 5, or an error about the parameter",
       .misfit = unless_programs,
       .run = missing_software},
  };
}

}  // namespace contract
