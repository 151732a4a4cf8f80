#include "sim/host/clock.h"

#include "agent/host/contract/clock_contract.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <memory>

namespace sim {
namespace {

class SimClockWorld final : public host::contract::ClockWorld {
 public:
  host::Clock& clock() override { return clock_; }
  // A wait of the simulated machine is not cut short by a signal that is handled.
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

}  // namespace
}  // namespace sim

namespace host::contract {

const WorldFactory<ClockWorld> sim_clock = {"sim",
                                            [] { return std::make_unique<sim::SimClockWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Sim, ClockContract, testing::Values(sim_clock));

}  // namespace host::contract
