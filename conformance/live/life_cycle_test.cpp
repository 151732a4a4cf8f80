// The agent's life on a real Kamailio, played by a real cluster manager's rules.

#include "conformance/live/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace live {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(LifeCycle, AnInstanceStartsIsMonitoredAndStopsWithoutATrace) {
  const auto resource = make_resource("p_kam", 5060);
  EXPECT_EQ(agent().run(resource, {.action = "monitor"}).code, 7);
  ASSERT_EQ(agent().run(resource, {.action = "start"}).code, 0);
  EXPECT_EQ(agent().run(resource, {.action = "monitor"}).code, 0);
  EXPECT_EQ(agent().run(resource, {.action = "status"}).code, 0);
  EXPECT_EQ(agent().run(resource, {.action = "monitor", .check_level = 0}).code, 0);
  EXPECT_EQ(agent().run(resource, {.action = "stop"}).code, 0);
  EXPECT_EQ(agent().run(resource, {.action = "monitor"}).code, 7);
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(LifeCycle, StartAndStopSucceedWhenThereIsNothingToDo) {
  const auto resource = make_resource("p_kam", 5060);
  EXPECT_EQ(agent().run(resource, {.action = "stop"}).code, 0);
  ASSERT_EQ(agent().run(resource, {.action = "start"}).code, 0);
  const auto processes = processes_of(resource);
  EXPECT_EQ(agent().run(resource, {.action = "start"}).code, 0);
  EXPECT_EQ(processes_of(resource), processes);
  EXPECT_EQ(agent().run(resource, {.action = "stop"}).code, 0);
  EXPECT_EQ(agent().run(resource, {.action = "stop"}).code, 0);
}

TEST(LifeCycle, KamctlIsPartOfTheHealthCheckUnlessKamctlrcIsEmpty) {
  const auto resource = make_resource_with_kamctl("p_kam", 5060);
  ASSERT_EQ(agent().run(resource, {.action = "start"}).code, 0);
  EXPECT_EQ(agent().run(resource, {.action = "monitor"}).code, 0);
  ASSERT_EQ(run_program({"rm", "/run/kamailio/kamailio_rpc.fifo"}), 0);
  const auto without_fifo = agent().run(resource, {.action = "monitor"});
  EXPECT_EQ(without_fifo.code, 1);
  EXPECT_THAT(without_fifo.reason, HasSubstr("kamailio_rpc.fifo"));
  EXPECT_EQ(agent().run(resource.with("kamctlrc", ""), {.action = "monitor"}).code, 0);
}

}  // namespace
}  // namespace live
