#include "sim/host/agent_run.h"

#include "agent/agent.h"
#include "agent/host/host.h"
#include "agent/ocf/request.h"
#include "sim/host/accounts.h"
#include "sim/host/agent_process.h"
#include "sim/host/clock.h"
#include "sim/host/file_system.h"
#include "sim/host/network.h"
#include "sim/host/process_runner.h"
#include "sim/host/process_table.h"
#include "sim/host/random.h"

#include <algorithm>
#include <csignal>
#include <functional>
#include <map>
#include <utility>

namespace sim {
namespace {

// All that the agent may ask of this machine.
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

Scheduler::Plan plan_kill(AgentProcess& agent, host::Duration after, AgentCall::Victim victim,
                          bool& flag) {
  auto& machine = agent.machine();
  return machine.time.in(after, [&machine, &flag, id = agent.id(), victim] {
    auto* const process = machine.processes.find(id);
    if (process == nullptr || process->ended) {
      return;
    }
    flag = true;
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
  AgentProcess agent(machine, call.environment, Processes::init, call.identity);
  SimHost host(agent, call.environment);
  std::vector kills = {plan_kill(agent, call.timeout, AgentCall::Victim::group, result.timed_out)};
  if (call.kill_after) {
    kills.push_back(plan_kill(agent, *call.kill_after, call.victim, result.killed));
  }
  try {
    const auto request = ocf::parse_request(call.arguments, call.environment);
    WatchedHost watched(host.host(), call.on_call);
    auto [outcome, out] = answer(call.on_call ? watched.host() : host.host(), request);
    result.code = static_cast<int>(outcome.code);
    result.out = std::move(out);
    report(outcome, host.log());
    agent.exit(result.code);
  } catch (const AgentEnded&) {
    result.code = 1;
  }
  for (const auto& kill : kills) {
    machine.time.cancel(kill);
  }
  result.log = host.log().lines();
  result.reason = host.log().reasons().empty() ? "" : host.log().reasons().back();
  result.took = machine.time.now() - begin;
  return result;
}

host::Environment pacemaker_environment(const std::string& resource,
                                        const std::map<std::string, std::string>& parameters,
                                        const std::string& action,
                                        std::chrono::milliseconds timeout) {
  host::Environment environment = {
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
      {"OCF_RA_VERSION_MAJOR", "1"},
      {"OCF_RA_VERSION_MINOR", "1"},
      {"OCF_ROOT", "/usr/lib/ocf"},
      {"OCF_EXIT_REASON_PREFIX", "ocf-exit-reason:"},
      {"OCF_RESOURCE_INSTANCE", resource},
      {"OCF_RESOURCE_TYPE", "kamailio"},
      {"OCF_RESOURCE_PROVIDER", "sip"},
      {"OCF_RESKEY_crm_feature_set", "3.16.2"},
      {"OCF_RESKEY_CRM_meta_name", action},
      {"OCF_RESKEY_CRM_meta_timeout", std::to_string(timeout.count())},
      {"OCF_RESKEY_CRM_meta_on_node", "node1"},
      {"HA_LOGFACILITY", "none"},
      {"HA_debug", "0"},
  };
  for (const auto& [name, value] : parameters) {
    environment["OCF_RESKEY_" + name] = value;
  }
  if (action == "monitor") {
    environment["OCF_RESKEY_CRM_meta_interval"] = "10000";
  }
  return environment;
}

}  // namespace sim
