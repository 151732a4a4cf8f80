#include "sim/host/agent_run.h"

#include "agent/agent.h"
#include "agent/host/host.h"
#include "agent/ocf/request.h"
#include "sim/host/agent_process.h"
#include "sim/host/file_system.h"
#include "sim/host/network.h"
#include "sim/host/process_runner.h"

#include <algorithm>
#include <csignal>
#include <functional>
#include <map>
#include <utility>

namespace sim {
namespace {

// All interfaces of the agent to this machine.
class SimHost {
 public:
  SimHost(AgentProcess& agent, const host::Environment& environment)
      : clock_(agent),
        files_(agent.machine().files, agent.identity()),
        processes_(agent),
        runner_(agent, environment),
        network_(
            [&agent](TimePoint deadline, const std::function<bool()>& condition) {
              return agent.pass_until(deadline, condition);
            },
            agent.machine().sockets, agent.identity()),
        random_(agent.machine().random),
        accounts_(agent),
        log_(agent) {}

  [[nodiscard]] host::Host host() {
    return {.clock = clock_,
            .files = files_,
            .processes = processes_,
            .runner = runner_,
            .network = network_,
            .random = random_,
            .accounts = accounts_,
            .log = log_};
  }
  [[nodiscard]] SimLog& log() { return log_; }
  [[nodiscard]] const std::vector<SentSignal>& signals() const { return processes_.sent(); }

 private:
  SimClock clock_;
  SimFileSystem files_;
  SimProcessTable processes_;
  SimProcessRunner runner_;
  SimNetwork network_;
  SimRandom random_;
  SimAccounts accounts_;
  SimLog log_;
};

Scheduler::Plan plan_kill(AgentProcess& agent, host::Duration after, AgentCall::Victim victim) {
  auto& machine = agent.machine();
  return machine.time.in(after, [&machine, id = agent.id(), victim] {
    auto* const process = machine.processes.find(id);
    if (process == nullptr || process->ended) {
      return;
    }
    if (victim == AgentCall::Victim::group) {
      machine.processes.send_to_group(process->group, SIGKILL);
    } else {
      machine.processes.send(*process, SIGKILL);
    }
  });
}

}  // namespace

bool AgentResult::has_logged(std::string_view text) const {
  return std::ranges::any_of(
      log, [&](const SimLog::Line& line) { return line.text.find(text) != std::string::npos; });
}

AgentResult run_agent(Machine& machine, const AgentCall& call) {
  AgentResult result;
  const auto begin = machine.time.now();
  AgentProcess agent(machine, Processes::init, call.identity);
  SimHost host(agent, call.environment);
  std::vector kills = {plan_kill(agent, call.timeout, AgentCall::Victim::group)};
  if (call.kill_after) {
    kills.push_back(plan_kill(agent, *call.kill_after, call.victim));
  }
  try {
    const auto request = ocf::parse_request(call.arguments, call.environment);
    const OnCall on_call = [&](std::string_view name) {
      call.on_call(name);
      (void)agent.process();  // if this killed it, it makes no more calls
    };
    WatchedHost watched(host.host(), on_call);
    auto [outcome, out] = answer(call.on_call ? watched.host() : host.host(), request);
    result.code = static_cast<int>(outcome.code);
    result.out = std::move(out);
    report(outcome, request.recurrence(), host.log());
    agent.exit(result.code);
  } catch (const AgentEnded&) {
    result.code = 1;
    result.timed_out = machine.time.now() - begin >= call.timeout;
    result.killed = !result.timed_out;
  }
  for (const auto& kill : kills) {
    machine.time.cancel(kill);
  }
  result.log = host.log().lines();
  result.signals = host.signals();
  result.reason = host.log().reasons().empty() ? "" : host.log().reasons().back();
  result.took = machine.time.now() - begin;
  return result;
}

}  // namespace sim
