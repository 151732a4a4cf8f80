// The cluster kills the agent during an action. A later stop must leave nothing.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace live {
namespace {

using cluster::Victim;
using ::testing::IsEmpty;
using ::testing::Le;
using ::testing::SizeIs;

using namespace std::chrono_literals;

constexpr int moments = 40;
constexpr auto stop_timeout = 6s;

class Killed : public ::testing::TestWithParam<Victim> {
 protected:
  // The shorter of two runs, because the first one reads the programs from the disk.
  static std::chrono::microseconds time_of(const cluster::Resource& resource,
                                           const std::string& action,
                                           const std::function<void()>& prepare) {
    std::chrono::microseconds shorter = 1h;
    for (int run = 0; run < 2; ++run) {
      prepare();
      shorter = std::min<std::chrono::microseconds>(shorter,
                                                    agent().run(resource, {.action = action}).took);
      EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
    }
    return shorter;
  }

  // Kills the action at several moments during its usual duration, and slightly later.
  static void expect_that_stop_cleans_up(const cluster::Resource& resource,
                                         const std::string& action,
                                         const std::function<void()>& prepare) {
    const auto whole = time_of(resource, action, prepare);
    int killed = 0;
    std::vector<std::string> slow;  // the moments
    for (int moment = 0; moment < moments; ++moment) {
      prepare();
      const auto kill_after = whole * 5 / 4 * moment / moments;
      const auto result =
          agent().run(resource, {.action = action, .kill_after = kill_after, .victim = GetParam()});
      killed += result.killed ? 1 : 0;
      SCOPED_TRACE(action + " killed after " + std::to_string(kill_after.count()) + " us of " +
                   std::to_string(whole.count()));
      const auto stopped = agent().run(resource, {.action = "stop", .timeout = stop_timeout});
      EXPECT_THAT(stopped, succeeds());
      if (stopped.took >= stop_timeout / 2) {
        slow.push_back(std::to_string(kill_after.count()) + " us");
      }
      EXPECT_THAT(processes_of(resource), IsEmpty());
      // The guard of a tool may need a moment to end it.
      EXPECT_TRUE(eventually([&] { return leftovers_of(resource).empty(); }))
          << leftovers_of(resource);
    }
    EXPECT_GT(killed, moments / 4);  // otherwise the times would be meaningless
    // Observed once, at load 31: Kamailio 5.6.3 ignored SIGTERM. The cause is unknown.
    EXPECT_THAT(slow, SizeIs(Le(1U))) << "the grace was used up";
  }

  static void start(const cluster::Resource& resource) {
    ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  }
};

TEST_P(Killed, DuringAStart) {
  const auto resource = make_resource_with_kamctl("p_kam", 5060);
  expect_that_stop_cleans_up(resource, "start", [] {});
}

TEST_P(Killed, DuringAStop) {
  const auto resource = make_resource("p_kam", 5060);
  expect_that_stop_cleans_up(resource, "stop", [&] { start(resource); });
}

TEST_P(Killed, DuringAMonitor) {
  const auto resource = make_resource_with_kamctl("p_kam", 5060);
  const auto with_sipsak_alone = resource.with("kamctlrc", "");
  expect_that_stop_cleans_up(resource, "monitor", [&] { start(with_sipsak_alone); });
}

// It runs Kamailio a second time to learn the reason, and the check of the configuration.
TEST_P(Killed, DuringAStartThatFails) {
  const auto resource = make_resource(
      "p_kam", 5060,
      {.has_fifo = true, .extra = R"(modparam("jsonrpcs", "fifo_name", "/nowhere/fifo"))"});
  expect_that_stop_cleans_up(resource, "start", [] {});
}

INSTANTIATE_TEST_SUITE_P(Agent, Killed, ::testing::Values(Victim::group, Victim::process),
                         [](const auto& tested) {
                           return tested.param == Victim::group ? "WithItsGroup" : "Alone";
                         });

}  // namespace
}  // namespace live
