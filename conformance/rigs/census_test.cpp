#include "conformance/rigs/census.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace conformance {
namespace {

using namespace std::chrono_literals;
using Of = CensusProcess::Of;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

CensusProcess process(int pid, int parent, Of of, const std::string& name = "kamailio") {
  return {.pid = pid, .parent = parent, .name = name, .user = "root", .of = of};
}

// A server with two children, and a client.
Census census() {
  Census census;
  census.processes = {process(1, 0, Of::player, "init"), process(20, 1, Of::server),
                      process(21, 20, Of::server), process(22, 20, Of::server),
                      process(30, 1, Of::others, "sipsak")};
  return census;
}

TEST(CensusTest, SaysWhoLivesByRoleAndCounts) {
  EXPECT_THAT(leaves_in(census()).processes,
              ElementsAre(LeftProcesses{.is = "sipsak", .user = "root"},
                          LeftProcesses{.is = "main", .user = "root"},
                          LeftProcesses{.is = "child", .user = "root", .count = 2}));
}

TEST(CensusTest, ChildrenWithoutTheirMainProcessAreOrphans) {
  auto orphaned = census();
  orphaned.processes.erase(orphaned.processes.begin() + 1);
  orphaned.processes[1].parent = 1;
  orphaned.processes[2].parent = 1;
  EXPECT_EQ(leaves_in(orphaned).processes.at(1),
            (LeftProcesses{.is = "orphan", .user = "root", .count = 2}));
}

TEST(CensusTest, SaysWhomAPidFileNames) {
  for (const auto& [text, whom] :
       std::vector<std::pair<std::string, std::string>>{{"20\n", "main"},
                                                        {"21", "child"},
                                                        {"30", "living"},
                                                        {"1", "living"},
                                                        {"99", "dead"},
                                                        {"x", "nothing"},
                                                        {"", "nothing"}}) {
    auto with_file = census();
    with_file.files = {{.file = {.path = "/run/k.pid", .is = "file"}, .text = text}};
    EXPECT_EQ(leaves_in(with_file).files.at(0).names, whom) << text;
  }
}

TEST(CensusTest, CountsAnAddressThatSeveralProcessesShareOnce) {
  auto shared = census();
  const host::Endpoint port{.address = "127.0.0.1", .port = 5060};
  shared.listens = {port, port};
  EXPECT_THAT(leaves_in(shared).listens, ElementsAre(port));
}

TEST(CensusTest, ChoosesReceiversByRole) {
  EXPECT_THAT(receivers(sim::Whom::main, census()), ElementsAre(20));
  EXPECT_THAT(receivers(sim::Whom::children, census()), ElementsAre(21, 22));
  EXPECT_THAT(receivers(sim::Whom::first_child, census()), ElementsAre(21));
  EXPECT_THAT(receivers(sim::Whom::all, census()), ElementsAre(20, 21, 22));
  EXPECT_THAT(receivers(sim::Whom::all, Census{}), IsEmpty());
}

// A machine whose clock passes only where somebody waits.
struct Machine {
  host::TimePoint now{};
  std::function<Census(host::Duration)> at;

  [[nodiscard]] Lookout lookout() {
    return {.look = [this] { return at(now.time_since_epoch()); },
            .now = [this] { return now; },
            .wait = [this](host::Duration duration) { now += duration; }};
  }
};

TEST(SettleTest, WaitsUntilNothingHasChangedForSoLong) {
  Machine machine{.at = [](host::Duration since) { return since < 200ms ? census() : Census{}; }};
  const auto settled = settle(machine.lookout(), 300ms);
  EXPECT_EQ(settled.leaves, Leaves{});
  EXPECT_EQ(settled.since.time_since_epoch(), 200ms);
  EXPECT_EQ(machine.now.time_since_epoch(), 500ms);
}

TEST(SettleTest, ABusyProcessMayChangeSomething) {
  Machine machine{.at = [](host::Duration since) {
    auto busy = census();
    busy.processes.back().is_busy = since < 1s;
    return busy;
  }};
  const auto settled = settle(machine.lookout(), 300ms);
  EXPECT_EQ(settled.since.time_since_epoch(), 0s);
  EXPECT_GE(machine.now.time_since_epoch(), 1275ms);
}

TEST(SettleTest, EndsWhereSomethingChangesForEver) {
  Machine machine{.at = [](host::Duration since) {
    auto changing = census();
    changing.processes.resize(since / 25ms % 2 == 0 ? 1 : 2);
    return changing;
  }};
  (void)settle(machine.lookout(), 300ms);
  EXPECT_EQ(machine.now.time_since_epoch(), 10s);
}

}  // namespace
}  // namespace conformance
