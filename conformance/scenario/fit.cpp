#include "conformance/scenario/fit.h"

#include "sim/yaml/tree.h"

#include <algorithm>
#include <functional>
#include <map>
#include <variant>
#include <vector>

namespace conformance {
namespace {

bool hangs_in_kernel(const sim::ProfileChange& change) {
  return std::ranges::find(change.options.entries, "hangs_in_kernel", &yaml::Entry::key) !=
         change.options.entries.end();
}

bool hangs_in_kernel(const sim::Setup& setup) {
  const auto server_hangs = [](const auto& server) { return hangs_in_kernel(server.second); };
  return std::ranges::any_of(setup.programs,
                             [](const auto& change) { return hangs_in_kernel(change); }) ||
         std::ranges::any_of(setup.servers, server_hangs);
}

bool is_script(const sim::PlacedFile& file) {
  constexpr unsigned executable = 0111;
  return file.text.starts_with("#!/") && (file.mode & executable) != 0;
}

}  // namespace

std::vector<const sim::Setup*> setups_of(const Scenario& scenario) {
  std::vector<const sim::Setup*> setups = {&scenario.setup};
  const auto add = [&](const sim::Step& step) {
    if (const auto* const change = std::get_if<sim::Change>(&step.what)) {
      setups.push_back(&change->setup);
    }
  };
  for (const auto& step : scenario.steps) {
    add(step.what);
    if (const auto* const call = std::get_if<sim::CallAgent>(&step.what.what)) {
      std::ranges::for_each(call->meanwhile, add);
    }
  }
  return setups;
}

std::string why_not_simulated(const Scenario& scenario) {
  for (const auto* const setup : setups_of(scenario)) {
    if (std::ranges::any_of(setup->files, is_script)) {
      return "the simulated machine runs no scripts";
    }
  }
  return "";
}

std::string why_not_on_a_node(const Scenario& scenario) {
  for (const auto* const setup : setups_of(scenario)) {
    if (hangs_in_kernel(*setup)) {
      return "a real process cannot be made to hang in the kernel";
    }
    if (setup->faults) {
      return "faults of system calls need the simulated machine";
    }
    if (setup->weather) {
      return "weather needs the simulated network";
    }
    if (!setup->strangers.empty()) {
      return "strangers need the simulated machine";
    }
    if (!setup->exits_for.empty()) {
      return "a real process cannot be made to exit slowly";
    }
    if (setup->process_table) {
      return "faults of the process table need the simulated machine";
    }
  }
  for (const auto& step : scenario.steps) {
    const auto& what = step.what.what;
    if (std::holds_alternative<sim::Suspend>(what) || std::holds_alternative<sim::SetClock>(what)) {
      return "changes of the clock need the simulated machine";
    }
  }
  return "";
}

std::string why_not_with_real_programs(const Scenario& scenario) {
  for (const auto* const setup : setups_of(scenario)) {
    const bool only_read = std::ranges::all_of(
        setup->programs, [](const auto& change) { return change.tells_of_configuration(); });
    if (!only_read || !setup->servers.empty()) {
      return "the real programs cannot be made to misbehave";
    }
  }
  return "";
}

std::string why_not_with_parameters(const Scenario& scenario,
                                    const std::set<std::string>& parameters) {
  std::string missing;
  const auto look_for = [&](const std::map<std::string, std::string>& set) {
    for (const auto& [parameter, value] : set) {
      missing = parameters.contains(parameter) ? missing : parameter;
    }
  };
  for (const auto& [name, instance] : scenario.instances) {
    look_for(instance.parameters);
  }
  for (const auto& step : scenario.steps) {
    if (const auto* const update = std::get_if<sim::Update>(&step.what.what)) {
      for (const auto& [name, set] : update->parameters) {
        look_for(set);
      }
    }
  }
  if (!missing.empty()) {
    return "the agent has no parameter " + missing;
  }
  if (!scenario.beyond.empty() && !parameters.contains("probe")) {
    return "not required of other agents: " + scenario.beyond;
  }
  return "";
}

}  // namespace conformance
