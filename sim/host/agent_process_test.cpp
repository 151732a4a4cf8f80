#include "sim/host/agent_process.h"

#include "agent/host/contract/accounts_contract.h"
#include "agent/host/contract/clock_contract.h"
#include "agent/host/contract/log_contract.h"
#include "agent/host/contract/random_contract.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sim {
namespace {

class SimClockWorld final : public host::contract::ClockWorld {
 public:
  host::Clock& clock() override { return clock_; }
  // A handled signal does not end a wait of the simulated machine.
  void while_signals_arrive(const std::function<void()>& act) override { act(); }

 private:
  Machine machine_;
  AgentProcess agent_{machine_};
  SimClock clock_{agent_};
};

TEST(SimClockTest, TakesNoTimeToSleep) {
  Machine machine;
  AgentProcess agent(machine);
  SimClock clock(agent);
  const auto moment = clock.now() + std::chrono::hours(24 * 365);
  clock.sleep_until(moment);
  EXPECT_EQ(clock.now(), moment);
}

TEST(SimClockTest, SleepsNoMoreWhenTheAgentIsKilled) {
  Machine machine;
  AgentProcess agent(machine);
  SimClock clock(agent);
  machine.time.in(std::chrono::seconds(1),
                  [&] { machine.processes.send(agent.process(), SIGKILL); });
  const auto begin = clock.now();
  EXPECT_THROW(clock.sleep_until(begin + std::chrono::hours(1)), AgentEnded);
  EXPECT_EQ(clock.now(), begin + std::chrono::seconds(1));
}

class SimRandomWorld final : public host::contract::RandomWorld {
 public:
  host::Random& random() override { return random_; }

 private:
  SeededRandom seeded_{1};
  SimRandom random_{seeded_};
};

class SimLogWorld final : public host::contract::LogWorld {
 public:
  host::Log& log() override { return log_; }
  std::vector<std::string> logged_lines() override {
    std::vector<std::string> texts;
    for (const auto& line : log_.lines()) {
      texts.push_back(line.text);
    }
    return texts;
  }
  std::vector<std::string> error_lines(const std::function<void()>& act) override {
    const auto before = log_.reasons().size();
    act();
    std::vector<std::string> lines;
    for (auto index = before; index < log_.reasons().size(); ++index) {
      lines.push_back(exit_reason_prefix() + log_.reasons()[index]);
    }
    return lines;
  }
  std::string exit_reason_prefix() override { return "ocf-exit-reason:"; }
  void jam_log() override { log_.jam(); }

 private:
  Machine machine_;
  AgentProcess agent_{machine_};
  SimLog log_{agent_};
};

class SimAccountsWorld final : public host::contract::AccountsWorld {
 public:
  SimAccountsWorld() {
    machine_.users.add_user(user_name(), user());
    machine_.users.add_group(group_name(), group());
  }

  host::Accounts& accounts() override { return accounts_; }
  std::string user_name() override { return "kamailio"; }
  host::User user() override { return {.id = 113, .primary_group = 121}; }
  std::string group_name() override { return "sip"; }
  std::uint32_t group() override { return 122; }
  std::string unknown_name() override { return "nobody-of-that-name"; }
  std::uint32_t unknown_number() override { return 4'000'000'000; }
  bool has_root() override { return true; }
  void as_ordinary_user(const std::function<void()>& act) override {
    agent_.change_identity({.user = 113, .group = 121});
    act();
    agent_.change_identity({});
  }

 private:
  Machine machine_;
  AgentProcess agent_{machine_};
  SimAccounts accounts_{agent_};
};

}  // namespace
}  // namespace sim

namespace host::contract {

const WorldFactory<ClockWorld> sim_clock = {"sim",
                                            [] { return std::make_unique<sim::SimClockWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Sim, ClockContract, testing::Values(sim_clock));

const WorldFactory<RandomWorld> sim_random = {
    "sim", [] { return std::make_unique<sim::SimRandomWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Sim, RandomContract, testing::Values(sim_random));

const WorldFactory<LogWorld> sim_log = {"sim", [] { return std::make_unique<sim::SimLogWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Sim, LogContract, testing::Values(sim_log));

const WorldFactory<AccountsWorld> sim_accounts = {
    "sim", [] { return std::make_unique<sim::SimAccountsWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Sim, AccountsContract, testing::Values(sim_accounts));
INSTANTIATE_TEST_SUITE_P(Sim, PrivilegeContract, testing::Values(sim_accounts));

}  // namespace host::contract
