// validate-all.

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

constexpr auto validate = "validate-all";

const Codes wrong = {not_configured, invalid_arguments};

void good(Trial& trial) { trial.expect_code(trial.call(validate), {success}); }

void good_for_pcs(Trial& trial) {
  trial.expect_code(trial.call(validate, {.caller = cluster::Caller::pcs}), {success});
}

void good_for_crmsh(Trial& trial) {
  trial.expect_code(trial.call(validate, {.caller = cluster::Caller::crmsh}), {success});
}

void good_in_silence(Trial& trial) {
  const auto call = trial.call(validate, {.caller = cluster::Caller::pcs});
  if (call.result.code == success) {
    trial.expect(call, call.result.err.empty(), "a successful validate-all prints nothing",
                 "nothing on standard error", call.result.err.substr(0, 100),
                 "pcs would show it as a warning");
  }
}

void changes_nothing(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  static_cast<void>(trial.call(validate));
  const auto before = trial.look();
  const auto call = trial.call(validate);
  trial.expect_none(call, changed_files(before, trial.look()), "validate-all changes no file",
                    "a tool that only validates would change the node");
  trial.expect_none(call, names_of(trial.lasting_processes(before.processes)),
                    "validate-all leaves no process", "they would accumulate with each call");
  trial.expect_monitor(active);
}

void stays_stopped(Trial& trial) {
  static_cast<void>(trial.call(validate));
  trial.expect_monitor({not_running});
}

// If the agent also refuses valid parameters, its refusals prove nothing.
bool accepts_what_is_right(Trial& trial) {
  const auto call = trial.call(validate);
  const bool accepts = call.result.code == success;
  if (!accepts) {
    trial.does_not_fit("it also refuses valid parameters: " + code_text(call.result.code));
  }
  return accepts;
}

std::function<void(Trial&)> refuses(const std::string& type) {
  return [type](Trial& trial) {
    if (!accepts_what_is_right(trial)) {
      return;
    }
    for (const auto& [parameter, value] : wrong_values(trial.subject())) {
      if (trial.meta_data().parameter(parameter)->type == type) {
        trial.expect_code(
            trial.call(validate, {.resource = trial.resource().with(parameter, value)}), wrong,
            "the exit code with " + parameter + "=" + value);
      }
    }
  };
}

void refuses_missing(Trial& trial) {
  if (!accepts_what_is_right(trial)) {
    return;
  }
  for (const auto& parameter : trial.meta_data().parameters) {
    if (parameter.required) {
      trial.expect_code(
          trial.call(validate, {.resource = trial.resource().without(parameter.name)}), wrong,
          "the exit code without the required parameter " + parameter.name);
    }
  }
}

std::string unless_required(const Subject& subject) {
  auto misfit = unless_advertised(validate)(subject);
  for (const auto& parameter : subject.meta_data.parameters) {
    if (parameter.required) {
      return misfit;
    }
  }
  return misfit.empty() ? "no parameter is required" : misfit;
}

std::string unless_something_is_wrong(const Subject& subject) {
  auto misfit = unless_required(subject);
  return misfit == "no parameter is required" && !wrong_values(subject).empty() ? "" : misfit;
}

// Receives the refused call, and the error of the resource on any node: "port=sip", "no
// listen_address".
using Look = std::function<void(const Call&, const std::string& what)>;

// Calls `look` for each such resource that the agent refuses.
void for_each_refusal(Trial& trial, const Look& look) {
  if (!accepts_what_is_right(trial)) {
    return;
  }
  std::vector<std::pair<std::string, cluster::Resource>> resources;
  for (const auto& [parameter, value] : wrong_values(trial.subject())) {
    resources.emplace_back(parameter + "=" + value, trial.resource().with(parameter, value));
  }
  for (const auto& parameter : trial.meta_data().parameters) {
    if (parameter.required) {
      resources.emplace_back("no " + parameter.name, trial.resource().without(parameter.name));
    }
  }
  bool refuses_any = false;
  for (const auto& [what, resource] : resources) {
    const auto call = trial.call(validate, {.resource = resource});
    if (call.result.code != success && !call.result.timed_out) {
      refuses_any = true;
      look(call, what);
    }
  }
  if (!refuses_any) {
    trial.does_not_fit("the agent refuses none of the values");
  }
}

void wrong_everywhere(Trial& trial) {
  for_each_refusal(trial, [&](const Call& call, const std::string& what) {
    trial.expect_code(call, {not_configured},
                      "the exit code for " + what + ", which is wrong on every node");
  });
}

void says_why(Trial& trial) {
  for_each_refusal(trial, [&](const Call& call, const std::string& what) {
    trial.expect(call, !call.result.reason.empty(), "an exit reason for " + what,
                 "a line \"ocf-exit-reason:...\"", "none",
                 "crm_mon and pcs status would show no reason");
  });
}

}  // namespace

std::vector<Check> validation_checks() {
  const auto unless_it_is_there = unless_advertised(validate);
  return {
      {.id = "contract.validate-all.right",
       .rests_on = {"ocf.validate-all.validates", "ocf.codes.success"},
       .level = Level::should,
       .claim = "Valid parameters are accepted",
       .misfit = unless_it_is_there,
       .run = good},
      {.id = "contract.validate-all.pcs",
       .rests_on = {"cluster.callers", "ocf.validate-all.validates"},
       .level = Level::should,
       .claim = "Valid parameters are accepted from pcs, which names the resource test",
       .misfit = unless_it_is_there,
       .run = good_for_pcs},
      {.id = "contract.validate-all.crmsh",
       .rests_on = {"cluster.callers", "ocf.validate-all.validates"},
       .level = Level::should,
       .claim = "Valid parameters are accepted from crmsh, which sets no other variables",
       .misfit = unless_it_is_there,
       .run = good_for_crmsh},
      {.id = "contract.validate-all.silent",
       .rests_on = {"cluster.silent-validation"},
       .claim = "validate-all prints nothing to standard error for valid parameters",
       .misfit = unless_it_is_there,
       .run = good_in_silence},
      {.id = "contract.validate-all.changes-nothing",
       .rests_on = {"ocf.validate-all.validates"},
       .level = Level::should,
       .claim = "validate-all leaves a resource that runs, and the node, as they are",
       .misfit = unless_it_is_there,
       .run = changes_nothing},
      {.id = "contract.validate-all.starts-nothing",
       .rests_on = {"ocf.validate-all.validates"},
       .level = Level::should,
       .claim = "A resource is still stopped after validate-all",
       .misfit = unless_it_is_there,
       .run = stays_stopped},
      {.id = "contract.validate-all.integer",
       .rests_on = {"ocf.validate-all.validates", "ocf.codes.invalid"},
       .level = Level::should,
       .claim = "A text for an integer is refused",
       .misfit = unless_parameter_of_type("integer"),
       .run = refuses("integer")},
      {.id = "contract.validate-all.boolean",
       .rests_on = {"ocf.validate-all.validates", "ocf.codes.invalid"},
       .level = Level::should,
       .claim = "A text for a boolean is refused",
       .misfit = unless_parameter_of_type("boolean"),
       .run = refuses("boolean")},
      {.id = "contract.validate-all.select",
       .rests_on = {"ocf.validate-all.validates", "ocf.codes.invalid"},
       .level = Level::should,
       .claim = "A value that is not an option of the parameter is refused",
       .misfit = unless_parameter_of_type("select"),
       .run = refuses("select")},
      {.id = "contract.validate-all.required",
       .rests_on = {"ocf.validate-all.validates", "ocf.meta-data.required"},
       .level = Level::should,
       .claim = "A resource that lacks a required parameter is refused",
       .misfit = unless_required,
       .run = refuses_missing},
      {.id = "contract.validate-all.wrong-everywhere",
       .rests_on = {"ocf.codes.configured", "cluster.code-classes"},
       .level = Level::should,
       .claim = "Parameters that are wrong on every node are refused with 6",
       .misfit = unless_something_is_wrong,
       .run = wrong_everywhere},
      {.id = "contract.validate-all.reason",
       .rests_on = {"cluster.reason.failures", "cluster.reason"},
       .level = Level::should,
       .claim = "A refusal of parameters has an exit reason",
       .misfit = unless_something_is_wrong,
       .run = says_why},
  };
}

}  // namespace contract
