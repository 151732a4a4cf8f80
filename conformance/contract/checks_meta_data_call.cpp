// Calls of meta-data.

#include "conformance/contract/contract.h"
#include "conformance/contract/trial.h"

#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace contract {
namespace {

using Level = Check::Level;

constexpr auto does_not_know = "the cluster would not know the parameters and actions";

cluster::Resource without_parameters(const Trial& trial) { return {.name = trial.resource().name}; }

// Expects usable meta-data on standard output.
void expect_meta_data(Trial& trial, const Call& call) {
  if (!trial.expect_code(call, {success})) {
    return;
  }
  const auto reading = read_meta_data(call.result.out);
  trial.expect(call, reading.malformed.empty() && !reading.meta_data.name.empty(),
               "the standard output", "the meta-data, as XML",
               call.result.out.empty() ? "nothing" : call.result.out.substr(0, 60), does_not_know);
}

void succeeds(Trial& trial) { expect_meta_data(trial, trial.call("meta-data")); }

void without(Trial& trial) {
  expect_meta_data(trial, trial.call("meta-data", {.resource = without_parameters(trial)}));
}

void bare(Trial& trial) {
  expect_meta_data(trial, trial.call("meta-data", {.resource = without_parameters(trial),
                                                   .caller = cluster::Caller::crmsh}));
}

void as_nobody(Trial& trial) {
  if (trial.can_be_nobody()) {
    expect_meta_data(trial, trial.call("meta-data", {.resource = without_parameters(trial),
                                                     .user = User::nobody}));
  }
}

void quickly(Trial& trial) {
  constexpr std::chrono::milliseconds limit = std::chrono::seconds(20);
  const auto call = trial.call("meta-data", {.resource = without_parameters(trial)});
  trial.expect(call, call.result.took < limit, "the duration", "less than 20 s",
               std::to_string(call.result.took.count()) + " ms", does_not_know);
}

void is_static(Trial& trial) {
  const auto first = trial.call("meta-data", {.resource = without_parameters(trial)});
  const auto again = trial.call("meta-data", {.resource = without_parameters(trial)});
  trial.expect(again, again.result.out == first.result.out, "the meta-data of a second call",
               "the same text", "a different text", "the cluster would use its cached copy");
  if (trial.started()) {
    const auto later = trial.call("meta-data", {.resource = without_parameters(trial)});
    trial.expect(later, later.result.out == first.result.out, "the meta-data while it runs",
                 "the same text", "a different text", "the cluster would use its cached copy");
  }
}

void changes_nothing(Trial& trial) {
  const auto before = trial.look();
  const auto call = trial.call("meta-data", {.resource = without_parameters(trial)});
  trial.expect_none(call, names_of(trial.lasting_processes()), "no process is left",
                    "they would accumulate with each call");
  trial.expect_none(call, new_files(before, trial.look()), "no file is left",
                    "they would accumulate with each call");
}

void as_xml(Trial& trial) {
  expect_meta_data(trial, trial.call("meta-data", {.resource = without_parameters(trial),
                                                   .environment = {{"OCF_OUTPUT_FORMAT", "xml"}}}));
}

// Expects that every advertised action is implemented. The resource runs meanwhile, and actions
// that end it come last.
void implemented(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  std::set<std::string> called = {"start", "stop", "meta-data"};
  const auto look_at = [&](const std::string& name) {
    const auto call = trial.call(name);
    trial.expect(call, call.result.code != unimplemented, "the exit code of an advertised action",
                 "any other than 3", code_text(call.result.code),
                 "the cluster would call it and count a failure");
  };
  for (const auto& action : trial.meta_data().actions) {
    if (called.insert(action.name).second) {
      look_at(action.name);
    }
  }
  look_at("stop");
}

// The optional actions of the standard.
void unadvertised(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  for (const std::string name :
       {"validate-all", "notify", "reload", "reload-agent", "recover", "promote", "demote"}) {
    if (trial.meta_data().action(name) == nullptr) {
      trial.expect_code(trial.call(name), {unimplemented},
                        "the exit code of an optional action that is not advertised");
    }
  }
}

std::string unless_something_is_unadvertised(const Subject& subject) {
  for (const std::string name :
       {"validate-all", "notify", "reload", "reload-agent", "recover", "promote", "demote"}) {
    if (subject.meta_data.action(name) == nullptr) {
      return "";
    }
  }
  return "the agent advertises all optional actions";
}

// Runs through the actions of a resource, and compares with the advised timeouts.
void timeouts_suffice(Trial& trial) {
  const auto look_at = [&](const std::string& action) {
    const auto call = trial.call(action);
    const auto advised = trial.advised_timeout(action);
    trial.expect(call, call.result.took < advised, "the advised timeout of " + action,
                 "a result within " + std::to_string(advised.count()) + " ms",
                 std::to_string(call.result.took.count()) + " ms",
                 "with the advised timeout, the cluster would kill the agent");
  };
  for (const std::string action : {"meta-data", "monitor", "start", "monitor", "stop"}) {
    look_at(action);
  }
}

}  // namespace

std::vector<Check> meta_data_call_checks() {
  return {
      {.id = "contract.meta-data.succeeds",
       .rests_on = {"ocf.meta-data.prints", "ocf.actions.mandatory"},
       .claim = "meta-data prints the meta-data",
       .run = succeeds},
      {.id = "contract.meta-data.without-parameters",
       .rests_on = {"cluster.meta-data", "ocf.meta-data.prints"},
       .claim = "meta-data needs no parameters",
       .run = without},
      {.id = "contract.meta-data.bare-environment",
       .rests_on = {"cluster.meta-data.anybody"},
       .level = Level::should,
       .claim = "meta-data needs nothing but OCF_ROOT",
       .run = bare},
      {.id = "contract.meta-data.ordinary-user",
       .rests_on = {"cluster.meta-data.anybody"},
       .level = Level::should,
       .claim = "meta-data can be read by an ordinary user",
       .run = as_nobody,
       .by_ordinary_user = true},
      {.id = "contract.meta-data.quickly",
       .rests_on = {"cluster.meta-data"},
       .claim = "meta-data answers before the cluster gives up waiting",
       .run = quickly},
      {.id = "contract.meta-data.static",
       .rests_on = {"cluster.meta-data.static"},
       .level = Level::should,
       .claim = "meta-data prints the same text at each call",
       .run = is_static},
      {.id = "contract.meta-data.leaves-nothing",
       .rests_on = {"cluster.helpers"},
       .level = Level::should,
       .claim = "meta-data leaves neither processes nor files",
       .run = changes_nothing},
      {.id = "contract.meta-data.format",
       .rests_on = {"ocf.environment.format-names", "ocf.environment.format"},
       .level = Level::should,
       .claim = "meta-data prints XML with OCF_OUTPUT_FORMAT=xml",
       .run = as_xml},
      {.id = "contract.meta-data.implemented",
       .rests_on = {"ocf.codes.unimplemented", "ocf.actions.advertises-all"},
       .claim = "An action that is advertised is not refused as unimplemented",
       .run = implemented},
      {.id = "contract.meta-data.complete",
       .rests_on = {"ocf.actions.advertises-all", "ocf.codes.unimplemented"},
       .level = Level::should,
       .claim = "An optional action that is not advertised is unimplemented",
       .misfit = unless_something_is_unadvertised,
       .run = unadvertised},
      {.id = "contract.meta-data.timeouts",
       .rests_on = {"ocf.meta-data.timeout", "cluster.timeout"},
       .level = Level::should,
       .claim = "Each action ends within the timeout that the meta-data advise",
       .run = timeouts_suffice},
  };
}

}  // namespace contract
