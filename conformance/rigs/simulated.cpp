#include "conformance/rigs/simulated.h"

#include "sim/cluster/resource.h"
#include "sim/worlds/plot_player.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace conformance {
namespace {

class SimulatedRig {
 public:
  explicit SimulatedRig(const Scenario& scenario)
      : scenario_(scenario), player_(scenario.world, scenario.instances, scenario.seed) {}

  Evidence play() {
    auto& machine = player_.world().machine();
    const auto begin = machine.time.now();
    Evidence evidence;
    try {
      for (const auto& step : scenario_.steps) {
        auto call = player_.play(step.what);
        evidence.steps.push_back(
            {.call = call ? std::optional(seen(*call)) : std::nullopt, .after = look()});
      }
    } catch (const yaml::Misread& misread) {
      evidence.trouble = misread.text;
    }
    for (const auto& condition : scenario_.then) {
      const bool is_path = condition.subject.starts_with('/');
      if (is_path && player_.world().has_file(condition.subject)) {
        evidence.files.insert(condition.subject);
      }
    }
    for (const auto& [at, who, what] : machine.trace.lines()) {
      evidence.timeline.push_back({.at = at - begin, .who = who, .what = what});
    }
    return evidence;
  }

 private:
  SeenCall seen(const sim::AgentResult& result) const {
    SeenCall call{.code = result.code,
                  .timed_out = result.timed_out,
                  .killed = result.killed,
                  .out = result.out,
                  .took = result.took};
    if (!result.reason.empty()) {
      call.reasons = {result.reason};
    }
    for (const auto& line : result.log) {
      call.log.push_back(line.text);
    }
    call.signals.emplace();
    for (const auto& signal : result.signals) {
      call.signals->push_back({.signal = signal.signal, .to = owner_of(signal.arguments)});
    }
    return call;
  }

  // The instance whose PID file stands in the arguments of the process.
  std::string owner_of(const std::vector<std::string>& arguments) const {
    for (const auto& [name, instance] : scenario_.instances) {
      if (std::ranges::find(arguments, cluster::pid_file_of(instance)) != arguments.end()) {
        return name;
      }
    }
    return "";
  }

  SeenMachine look() {
    SeenMachine seen;
    for (const auto& [name, instance] : scenario_.instances) {
      const auto pids = player_.world().processes_of(instance);
      seen.processes[name] = {pids.begin(), pids.end()};
    }
    for (const auto& [pid, process] : player_.world().machine().processes.all()) {
      if (process.guard != 0 && !process.ended) {
        seen.helpers.push_back(sim::name_of(process));
      }
    }
    return seen;
  }

  const Scenario& scenario_;
  sim::PlotPlayer player_;
};

}  // namespace

Evidence play_simulated(const Scenario& scenario) {
  try {
    return SimulatedRig(scenario).play();
  } catch (const yaml::Misread& misread) {
    return {.trouble = misread.text};
  }
}

}  // namespace conformance
