#include "conformance/rigs/simulated.h"

#include "agent/ocf/log_settings.h"
#include "conformance/rigs/simulated_census.h"
#include "conformance/scenario/end_judge.h"
#include "conformance/scenario/step_reader.h"
#include "conformance/scenario/wording.h"
#include "sim/cluster/call.h"
#include "sim/setup/player.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace conformance {
namespace {

class SimulatedRig {
 public:
  explicit SimulatedRig(const Scenario& scenario)
      : scenario_(scenario), player_(scenario.setup, scenario.instances, scenario.seed) {
    // Like a node of the other rigs, it has no network outside of itself.
    player_.node().machine().sockets.set_default_route({.error = ENETUNREACH});
  }

  Evidence play() {
    auto& machine = player_.node().machine();
    const auto begin = machine.time.now();
    Evidence evidence;
    try {
      for (const auto& step : scenario_.steps) {
        check_target(step.what);
        const auto begin_of_step = machine.time.now();
        const auto result = player_.play(step.what);
        SeenStep seen_step;
        if (const auto* const call = std::get_if<sim::AgentResult>(&result)) {
          seen_step.call = seen(*call);
        } else if (!scenario_.measured_with.empty() && has_facts(step.what)) {
          seen_step.program = observed(step.what, result, begin_of_step);
        }
        seen_step.after = look();
        evidence.steps.push_back(std::move(seen_step));
      }
    } catch (const yaml::Misread& misread) {
      evidence.trouble = misread.text;
    } catch (const std::exception& error) {
      evidence.trouble = error.what();  // the simulated machine does not support it
    }
    see_end(evidence);
    for (const auto& [at, who, what] : machine.trace.lines()) {
      evidence.timeline.push_back({.at = at - begin, .who = who, .what = what});
    }
    return evidence;
  }

 private:
  // A signal without a receiver is an error of the scenario, not of the simulator.
  void check_target(const sim::Step& step) {
    const auto* const send = std::get_if<sim::SendSignal>(&step.what);
    if (send == nullptr) {
      return;
    }
    if (send->instance.empty()) {
      if (receivers(send->whom, census_of(player_)).empty()) {
        throw std::runtime_error("no server process received the signal");
      }
      return;
    }
    const bool is_to_main = send->whom == sim::Whom::main || send->whom == sim::Whom::all;
    const std::size_t least = is_to_main ? 1 : 2;
    if (player_.node().processes_of(scenario_.instances.at(send->instance)).size() < least) {
      throw std::runtime_error(no_target(send->instance));
    }
  }

  Observation observed(const sim::Step& step, const sim::StepResult& result,
                       host::TimePoint begin) {
    auto& time = player_.node().machine().time;
    const Lookout lookout{
        .look = [this] { return census_of(player_); },
        .now = [&time] { return time.now(); },
        .wait = [&time](host::Duration duration) { time.pass_until(time.now() + duration); }};
    if (const auto* const send = std::get_if<sim::SendSignal>(&step.what)) {
      auto settled = settle(lookout, send->watched);
      return {.took = settled.since - begin, .leaves = std::move(settled.leaves)};
    }
    auto leaves = settle(lookout).leaves;
    if (const auto* const answer = std::get_if<sim::SipLine>(&result)) {
      return {.ending = Answered{answer->line}, .took = answer->took, .leaves = std::move(leaves)};
    }
    const auto& end = std::get<sim::ProgramEnd>(result);
    const auto ending = [&]() -> Ending {
      if (!end.status) {
        return Hangs{};
      }
      return end.status->by == sim::WaitStatus::By::signal ? Ending(Killed{end.status->value})
                                                           : Ending(Exited{end.status->value});
    };
    return {.ending = ending(),
            .out = lines_in(player_.programs().out()),
            .err = lines_in(player_.programs().err()),
            .took = end.took,
            .leaves = std::move(leaves)};
  }

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
      call.log.push_back(ocf::level_name(line.level) + ": " + line.text);
    }
    call.signals.emplace();
    for (const auto& signal : result.signals) {
      call.signals->push_back(
          {.signal = signal.signal,
           .to = signal.is_to_stranger ? std::string() : owner_of(signal.arguments)});
    }
    return call;
  }

  // The instance whose PID file is among the process's arguments.
  std::string owner_of(const std::vector<std::string>& arguments) const {
    for (const auto& [name, instance] : scenario_.instances) {
      if (std::ranges::find(arguments, cluster::pid_file_of(instance)) != arguments.end()) {
        return name;
      }
    }
    return "";
  }

  void see_end(Evidence& evidence) {
    for (const auto& condition : scenario_.then) {
      const auto& path = condition.subject;
      if (path.starts_with('/') && player_.node().has_file(path)) {
        evidence.files[path] = seen_file(path);
      }
    }
    for (const auto& [name, instance] : scenario_.instances) {
      if (const auto pids = player_.node().processes_of(instance); !pids.empty()) {
        evidence.servers[name] = seen_server(pids);
      }
    }
  }

  SeenFile seen_file(const std::string& path) {
    const auto& files = player_.node().machine().files;
    const auto status = files.lstat(path, {});
    const auto entries = files.list(path, {});
    SeenFile file{.is_empty = entries && entries->empty()};
    if (status) {
      file.mode = status->mode;
      file.owner = account_text(status->owner.user, status->owner.group);
      if (status->type == sim::Inode::Type::regular) {
        file.text = files.read(path, {}).value_or("");
      }
    }
    return file;
  }

  SeenServer seen_server(const std::vector<int>& pids) {
    SeenServer server{.main_process = pids.front()};
    for (const int pid : pids) {
      if (const auto* const process = player_.node().machine().processes.find(pid)) {
        server.accounts.insert(account_text(process->identity.user, process->identity.group));
        if (pid == server.main_process) {
          server.arguments = process->arguments;
        }
      }
    }
    return server;
  }

  std::string account_text(std::uint32_t user, std::uint32_t group) {
    const auto& users = player_.node().machine().users;
    for (const auto& account : accounts_in(scenario_.then)) {
      const auto colon = account.find(':');
      const auto known = users.find_user(account.substr(0, colon));
      if (known && known->id == user && users.find_group(account.substr(colon + 1)) == group) {
        return account;
      }
    }
    return std::to_string(user) + ":" + std::to_string(group);
  }

  SeenMachine look() {
    SeenMachine seen;
    for (const auto& [name, instance] : scenario_.instances) {
      const auto pids = player_.node().processes_of(instance);
      seen.processes[name] = {pids.begin(), pids.end()};
    }
    // The guard of a killed agent needs a moment to end its helpers. Other agents have seconds for
    // this, on nodes.
    constexpr int patience = 100;
    for (int i = 0; i < patience && !(seen.helpers = helpers()).empty(); ++i) {
      player_.node().pass(std::chrono::milliseconds(1));
    }
    return seen;
  }

  std::vector<std::string> helpers() {
    std::vector<std::string> names;
    for (const auto& [pid, process] : player_.node().machine().processes.all()) {
      if (process.guard != 0 && !process.ended) {
        names.push_back(sim::name_of(process));
      }
    }
    return names;
  }

  const Scenario& scenario_;
  sim::ScenarioPlayer player_;
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
