// OCF_CHECK_LEVEL.

#include "conformance/contract/contract.h"
#include "conformance/contract/parameters.h"
#include "conformance/contract/trial.h"

#include <charconv>
#include <set>
#include <string>
#include <vector>

namespace contract {
namespace {

using Level = Check::Level;

std::set<int> depths_of(const MetaData& meta_data, const std::string& name) {
  std::set<int> depths;
  for (const auto& action : meta_data.actions) {
    int depth = 0;
    const auto* const end = action.depth.data() + action.depth.size();
    if (action.name == name && !action.depth.empty() &&
        std::from_chars(action.depth.data(), end, depth).ptr == end) {
      depths.insert(depth);
    }
  }
  return depths;
}

Misfit unless_depths(const std::string& action) {
  return [action](const Subject& subject) {
    return depths_of(subject.meta_data, action).empty() ? "no depth of " + action + " is advertised"
                                                        : std::string();
  };
}

void advertised_running(Trial& trial) {
  if (!trial.started()) {
    return;
  }
  for (const int depth : depths_of(trial.meta_data(), "monitor")) {
    trial.expect_monitor(active, {.check_level = depth});
  }
}

void advertised_stopped(Trial& trial) {
  for (const int depth : depths_of(trial.meta_data(), "monitor")) {
    trial.expect_monitor({not_running}, {.check_level = depth});
  }
}

// A failure here is caused by the level, since the resource is active at the default level.
void lower(Trial& trial) {
  if (!trial.started() || !trial.expect_monitor(active)) {
    return;
  }
  const auto advertised = depths_of(trial.meta_data(), "monitor");
  for (const int level : {0, 5, 10, 15, 20, 30}) {
    if (!advertised.contains(level)) {
      trial.expect_monitor(active, {.check_level = level});
    }
  }
}

void lower_stopped(Trial& trial) {
  for (const int level : {0, 10, 20}) {
    trial.expect_monitor({not_running}, {.check_level = level});
  }
}

void validate(Trial& trial) {
  for (const int level : {0, 10, 20}) {
    trial.expect_code(trial.call("validate-all", {.check_level = level}), {success});
  }
}

// A tool may validate parameters for another node, whose files differ.
void validate_elsewhere(Trial& trial) {
  for (const auto& name : paths_among_parameters(trial.subject())) {
    const auto path = "/nonexistent/ocf-contract/" + name;
    trial.expect_code(trial.call("validate-all",
                                 {.resource = trial.resource().with(name, path), .check_level = 0}),
                      {success}, "the exit code with " + name + "=" + path);
  }
}

std::string unless_paths(const Subject& subject) {
  auto misfit = unless_depths("validate-all")(subject);
  return misfit.empty() && paths_among_parameters(subject).empty()
             ? "no parameter of the resource is a path"
             : misfit;
}

}  // namespace

std::vector<Check> level_checks() {
  return {
      {.id = "contract.levels.advertised",
       .rests_on = {"ocf.levels.advertised", "ocf.monitor.checks"},
       .level = Level::should,
       .claim = "A monitor at each advertised depth finds the resource active",
       .misfit = unless_depths("monitor"),
       .run = advertised_running},
      {.id = "contract.levels.advertised-stopped",
       .rests_on = {"ocf.codes.not-running", "ocf.levels.advertised"},
       .claim = "A monitor at each advertised depth returns 7 for a stopped resource",
       .misfit = unless_depths("monitor"),
       .run = advertised_stopped},
      {.id = "contract.levels.lower",
       .rests_on = {"ocf.levels.lower", "ocf.levels.reserved"},
       .level = Level::should,
       .claim = "A check level that the agent does not have is treated as the next lower one",
       .run = lower},
      {.id = "contract.levels.stopped",
       .rests_on = {"ocf.codes.not-running", "ocf.levels.lower"},
       .claim = "At any check level a monitor returns 7 for a stopped resource",
       .run = lower_stopped},
      {.id = "contract.levels.validate-all",
       .rests_on = {"ocf.levels.lower", "ocf.validate-all.validates"},
       .level = Level::should,
       .claim = "Valid parameters are accepted at any check level",
       .misfit = unless_advertised("validate-all"),
       .run = validate},
      {.id = "contract.levels.validate-all-0",
       .rests_on = {"ocf.levels.validate-0"},
       .level = Level::should,
       .claim = "validate-all at level 0 does not require the files that parameters name",
       .misfit = unless_paths,
       .run = validate_elsewhere},
  };
}

}  // namespace contract
