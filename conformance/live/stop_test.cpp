// Stops of servers that do not end at once.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

#include <chrono>

namespace live {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

constexpr const char* ignores_sigterm =
    "trap '' TERM; touch /tmp/ready; while :; do sleep 0.05; done";
constexpr const char* ends_after_a_second =
    "trap 'trap \"\" TERM; sleep 1; touch /tmp/ended_by_itself; exit' TERM; touch /tmp/ready;"
    " while :; do sleep 0.05; done";

TEST(Stop, KillsWhatIgnoresSigtermAfterSomeGraceEvenUnderAShortTimeout) {
  const auto resource = make_resource("p_kam", 5060);
  const int stubborn = start_look_alike(resource, ignores_sigterm);
  const auto result = agent().run(resource, {.action = "stop", .timeout = 5s});
  EXPECT_THAT(result, succeeds());
  EXPECT_GE(result.took, 1s);
  EXPECT_FALSE(lives(stubborn));
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(Stop, LeavesTimeToEndEvenUnderAShortTimeout) {
  const auto resource = make_resource("p_kam", 5060);
  start_look_alike(resource, ends_after_a_second);
  EXPECT_THAT(agent().run(resource, {.action = "stop", .timeout = 5s}), succeeds());
  EXPECT_TRUE(exists("/tmp/ended_by_itself"));
}

TEST(Stop, ReturnsAsSoonAsTheLastProcessIsGone) {
  const auto resource = make_resource("p_kam", 5060);
  start_look_alike(resource, ends_after_a_second);
  const auto result = agent().run(resource, {.action = "stop", .timeout = 60s});
  EXPECT_THAT(result, succeeds());
  EXPECT_LT(result.took, 10s);
}

TEST(Stop, OfAHealthyServerNeedsNoGrace) {
  const auto resource = make_resource("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  const auto result = agent().run(resource, {.action = "stop", .timeout = 60s});
  EXPECT_THAT(result, succeeds());
  EXPECT_LT(result.took, 1s);
}

// Kamailio loses a SIGTERM that comes while it forks its processes: the signal has no effect, and
// nobody sends it again.
TEST(Stop, AsksAgainWhatHasLostTheFirstSigterm) {
  const auto resource = make_resource("p_kam", 5060);
  start_look_alike(resource,
                   "trap 'trap - TERM' TERM; touch /tmp/ready; while :; do sleep 0.05; done");
  const auto result = agent().run(resource, {.action = "stop", .timeout = 10s});
  EXPECT_THAT(result, succeeds());
  EXPECT_LT(result.took, 4s);
}

TEST(Stop, EndsWhatIsForkedMeanwhile) {
  const auto resource = make_resource("p_kam", 5060);
  start_look_alike(
      resource,
      "trap 'trap \"\" TERM; (trap - TERM; while :; do sleep 0.05; done) & sleep 1; exit' TERM;"
      " touch /tmp/ready; while :; do sleep 0.05; done");
  const auto result = agent().run(resource, {.action = "stop", .timeout = 60s});
  EXPECT_THAT(result, succeeds());
  EXPECT_LT(result.took, 10s);
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(Stop, TakesTheGraceThatTheUserChose) {
  const auto resource = make_resource("p_kam", 5060).with("stop_grace", "300ms");
  const int stubborn = start_look_alike(resource, ignores_sigterm);
  const auto result = agent().run(resource, {.action = "stop", .timeout = 60s});
  EXPECT_THAT(result, succeeds());
  EXPECT_GE(result.took, 300ms);
  EXPECT_LT(result.took, 20s);
  EXPECT_FALSE(lives(stubborn));
}

TEST(Stop, CutsAGraceThatIsLongerThanItsTimeout) {
  const auto resource = make_resource("p_kam", 5060).with("stop_grace", "1h");
  const int stubborn = start_look_alike(resource, ignores_sigterm);
  EXPECT_THAT(agent().run(resource, {.action = "stop", .timeout = 3s}), succeeds());
  EXPECT_FALSE(lives(stubborn));
}

TEST(Stop, EndsALaunchThatIsStillUnderWay) {
  const auto resource = make_resource("p_kam", 5060, {.listen = "include_file \"/tmp/gate\""});
  ASSERT_EQ(run_program({"mkfifo", "/tmp/gate"}), 0);
  auto start = run_in_background(resource, {.action = "start", .timeout = 20s});
  ASSERT_TRUE(eventually([&] { return processes_of(resource).size() == 1; }));
  const auto result = agent().run(resource, {.action = "stop"});
  EXPECT_THAT(result, succeeds());
  EXPECT_LT(result.took, 10s);
  EXPECT_NE(start.get().code, 0);
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

}  // namespace
}  // namespace live
