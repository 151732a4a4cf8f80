#include "sim/host/process_runner.h"

#include "agent/host/contract/process_runner_contract.h"
#include "agent/posix/testing/script_arguments.h"
#include "sim/host/agent_process.h"
#include "sim/process/simulated_stage.h"
#include "sim/testing/script_player.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sim {
namespace {

using host::contract::OtherAgent;
using host::contract::Script;

class SimOtherAgent final : public OtherAgent {
 public:
  SimOtherAgent(Machine& machine, const std::vector<host::Command>& helpers)
      : machine_(machine), agent_(machine) {
    for (const auto& helper : helpers) {
      helpers_.push_back(std::make_shared<Helper>(agent_, helper));
      helpers_.back()->start({});
    }
  }

  void kill() override { machine_.processes.send(agent_.process(), SIGKILL); }
  void kill_group() override { machine_.processes.send_to_group(agent_.process().group, SIGKILL); }

 private:
  Machine& machine_;
  AgentProcess agent_;
  std::vector<std::shared_ptr<Helper>> helpers_;
};

class SimProcessRunnerWorld final : public host::contract::ProcessRunnerWorld {
 public:
  SimProcessRunnerWorld() {
    machine_.put_directory(SimProcessRunnerWorld::directory(), 0777);
    machine_.install(program, [this](Stage& me) -> Task<int> {
      testing::ScriptPlayer player(dynamic_cast<SimulatedStage&>(me), machine_);
      co_return co_await player.play(
          posix::testing::script_from({me.arguments().begin() + 2, me.arguments().end()}));
    });
  }

  host::ProcessRunner& runner() override { return runner_; }
  host::Clock& clock() override { return clock_; }

  std::vector<std::string> program_that(const Script& script) override {
    std::vector<std::string> arguments = {program, "mark"};
    posix::testing::append_arguments(script, arguments);
    return arguments;
  }
  std::string missing_program() override { return "/usr/bin/missing"; }
  std::string program_without_execute_bit() override {
    machine_.put_file("/usr/bin/not_executable", "#!/bin/sh\n", 0644);
    return "/usr/bin/not_executable";
  }
  std::string program_without_its_interpreter() override {
    std::string path = "/usr/bin/no_interpreter";
    machine_.put_file(path, "#!" + missing_program() + "\n", 0755);
    machine_.files.open(path, Permission::none, {}).value()->interpreter = missing_program();
    return path;
  }

  int living() override {
    return static_cast<int>(std::ranges::count_if(machine_.processes.all(), [](const auto& entry) {
      return entry.second.executable == program && !entry.second.ended;
    }));
  }

  std::string directory() override { return "/srv/open"; }
  std::vector<std::string> entries() override {
    return machine_.files.list(directory(), {}).value();
  }

  host::ProcessId process() override { return process_that_ends_after(std::chrono::hours(24)); }
  host::ProcessId process_that_ends_after(host::Duration duration) override {
    const std::string path = "/usr/bin/other";
    machine_.install(path, [duration](Stage& me) -> Task<int> {
      co_await me.rest(duration);
      co_return 0;
    });
    const int pid =
        SimulatedStage::spawn(machine_, {.arguments = {path}, .parent = agent_.id().pid}).value();
    return machine_.processes.find(pid)->id;
  }
  host::ProcessId ended_process() override {
    const auto id = process();
    auto& ended = *machine_.processes.find(id);
    machine_.processes.send(ended, SIGKILL);
    machine_.processes.reap(ended);
    return id;
  }
  bool lives(const host::ProcessId& process) override {
    const auto* const found = machine_.processes.find(process);
    return found != nullptr && !found->ended;
  }

  void set_variable(const std::string& name, const std::string& value) override {
    environment_[name] = value;
  }
  // No descriptor survives exec on the simulated machine.
  void open_descriptor_that_survives_exec() override {}
  void ignore_and_block_signals() override {
    for (const int number : {SIGHUP, SIGINT, SIGPIPE, SIGTERM, SIGUSR1}) {
      machine_.processes.set_disposition(agent_.process(), number, Disposition::ignored);
    }
  }
  void ignore_ended_children() override {
    machine_.processes.set_disposition(agent_.process(), SIGCHLD, Disposition::ignored);
  }
  // The agent has no open descriptors here.
  void without_standard_streams(const std::function<void()>& act) override { act(); }

  int open_descriptors() override { return 3; }
  int children() override {
    return static_cast<int>(std::ranges::count_if(
        machine_.processes.all(),
        [this](const auto& entry) { return entry.second.parent == agent_.id().pid; }));
  }
  int session() override { return agent_.process().session; }

  std::unique_ptr<OtherAgent> agent_that_runs(const std::vector<host::Command>& helpers) override {
    return std::make_unique<SimOtherAgent>(machine_, helpers);
  }

  bool has_root() override { return true; }
  void as_ordinary_user(const std::function<void()>& act) override {
    agent_.change_identity({.user = 1000, .group = 1000});
    act();
    agent_.change_identity({});
  }
  void while_signals_arrive(const std::function<void()>& act) override { act(); }

 private:
  static constexpr const char* program = "/usr/bin/test_child";

  Machine machine_;
  host::Environment environment_;
  AgentProcess agent_{machine_};
  SimProcessRunner runner_{agent_, environment_};
  SimClock clock_{agent_};
};

}  // namespace
}  // namespace sim

namespace host::contract {

const WorldFactory<ProcessRunnerWorld> sim_runner = {
    "sim", [] { return std::make_unique<sim::SimProcessRunnerWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Sim, HelperResultContract, testing::Values(sim_runner));
INSTANTIATE_TEST_SUITE_P(Sim, HelperOutputContract, testing::Values(sim_runner));
INSTANTIATE_TEST_SUITE_P(Sim, HelperDeadlineContract, testing::Values(sim_runner));
INSTANTIATE_TEST_SUITE_P(Sim, HelpersSideBySideContract, testing::Values(sim_runner));
INSTANTIATE_TEST_SUITE_P(Sim, HelperWatchContract, testing::Values(sim_runner));
INSTANTIATE_TEST_SUITE_P(Sim, HelperDenialContract, testing::Values(sim_runner));
INSTANTIATE_TEST_SUITE_P(Sim, HelperPrivilegeContract, testing::Values(sim_runner));
INSTANTIATE_TEST_SUITE_P(Sim, HelperRemainsContract, testing::Values(sim_runner));
INSTANTIATE_TEST_SUITE_P(Sim, ReplyFifoContract, testing::Values(sim_runner));
INSTANTIATE_TEST_SUITE_P(Sim, KilledAgentContract, testing::Values(sim_runner));
INSTANTIATE_TEST_SUITE_P(Sim, ProcessStartContract, testing::Values(sim_runner));
INSTANTIATE_TEST_SUITE_P(Sim, EnvironmentContract, testing::Values(sim_runner));
INSTANTIATE_TEST_SUITE_P(Sim, LaunchContract, testing::Values(sim_runner));

}  // namespace host::contract
