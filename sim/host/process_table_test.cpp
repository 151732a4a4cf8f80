#include "sim/host/process_table.h"

#include "agent/host/contract/process_table_contract.h"
#include "sim/host/agent_process.h"
#include "sim/process/simulated_stage.h"

#include <gtest/gtest.h>

#include <csignal>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace sim {
namespace {

using host::contract::Arguments;

constexpr Identity ordinary = {.user = 1000, .group = 1000};

Life sleep_for(Duration duration) {
  return [duration](Stage& me) -> Task<int> {
    co_await me.rest(duration);
    co_return 0;
  };
}

class SimProcessTableWorld final : public host::contract::ProcessTableWorld {
 public:
  host::ProcessTable& table() override { return table_; }
  host::Clock& clock() override { return clock_; }
  int own_pid() override { return agent_.id().pid; }
  std::string mark() override { return "mark-of-this-world"; }

  int start(const Arguments& arguments) override { return add(arguments, {}).id.pid; }
  int start_with_name(const std::string& name, const Arguments& arguments) override {
    auto& process = add(arguments, {});
    process.name = name;
    return process.id.pid;
  }
  int start_that_ends_after(host::Duration duration, const Arguments& arguments) override {
    return add(arguments, {}, duration).id.pid;
  }
  int start_uninterruptible(const Arguments& arguments) override {
    auto& process = add(arguments, {});
    machine_.processes.set_uninterruptible(process, true);
    return process.id.pid;
  }
  int start_of_ordinary_user(const Arguments& arguments) override {
    return add(arguments, ordinary).id.pid;
  }
  int start_in_container(const Arguments& arguments) override {
    auto& process = add(arguments, {});
    process.pid_namespace = 1;
    return process.id.pid;
  }
  int start_thread() override { return machine_.processes.add_thread(); }

  std::string program_of(int pid) override { return programs_.at(pid); }
  void delete_program_of(int pid) override {
    ASSERT_TRUE(machine_.files.unlink(program_of(pid), {}));
  }

  void stop(int pid) override { machine_.processes.send(process(pid), SIGSTOP); }
  void make_zombie(int pid) override { machine_.processes.send(process(pid), SIGKILL); }
  void end(int pid) override {
    make_zombie(pid);
    machine_.processes.reap(process(pid));
  }
  bool lives(int pid) override {
    const auto* const found = machine_.processes.find(pid);
    return found != nullptr && !found->ended;
  }

  bool has_root() override { return true; }
  std::uint32_t ordinary_user() override { return ordinary.user; }
  bool has_containers() override { return true; }
  void as_ordinary_user(const std::function<void()>& act) override {
    agent_.change_identity(ordinary);
    act();
    agent_.change_identity({});
  }
  void while_signals_arrive(const std::function<void()>& act) override { act(); }

 private:
  Process& process(int pid) { return *machine_.processes.find(pid); }

  Process& add(const Arguments& arguments, Identity identity,
               Duration lives_for = std::chrono::hours(24)) {
    const std::string program = "/usr/bin/sleeper" + std::to_string(programs_.size());
    machine_.install(program, sleep_for(lives_for));
    SimulatedStage::NewProcess started{
        .arguments = {program}, .parent = agent_.id().pid, .identity = identity};
    started.arguments.insert(started.arguments.end(), arguments.begin(), arguments.end());
    const int pid = SimulatedStage::spawn(machine_, std::move(started)).value();
    programs_[pid] = program;
    return process(pid);
  }

  Machine machine_;
  AgentProcess agent_{machine_};
  SimProcessTable table_{agent_};
  SimClock clock_{agent_};
  std::map<int, std::string> programs_;
};

}  // namespace
}  // namespace sim

namespace host::contract {

const WorldFactory<ProcessTableWorld> sim_processes = {
    "sim", [] { return std::make_unique<sim::SimProcessTableWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Sim, ProcessFindContract, testing::Values(sim_processes));
INSTANTIATE_TEST_SUITE_P(Sim, ProcessListContract, testing::Values(sim_processes));
INSTANTIATE_TEST_SUITE_P(Sim, ProcessSignalContract, testing::Values(sim_processes));
INSTANTIATE_TEST_SUITE_P(Sim, ProcessWaitContract, testing::Values(sim_processes));
INSTANTIATE_TEST_SUITE_P(Sim, ProcessOwnershipContract, testing::Values(sim_processes));
INSTANTIATE_TEST_SUITE_P(Sim, ProcessSecrecyContract, testing::Values(sim_processes));
INSTANTIATE_TEST_SUITE_P(Sim, ContainerFindContract, testing::Values(sim_processes));
INSTANTIATE_TEST_SUITE_P(Sim, ContainerSignalContract, testing::Values(sim_processes));

}  // namespace host::contract
