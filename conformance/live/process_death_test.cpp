// What the agent says and does when processes of the server are gone.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

namespace live {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ProcessDeath : public ::testing::Test {
 protected:
  void SetUp() override {
    resource_ = make_resource("p_kam", 5060);
    ASSERT_THAT(agent().run(resource_, {.action = "start"}), succeeds());
  }

  void kill_all() const {
    signal_all(resource_, SIGKILL);
    ASSERT_TRUE(eventually([&] { return processes_of(resource_).empty(); }));
    ASSERT_TRUE(exists(pid_file_of(resource_)));
  }

  void kill_main_process() const {
    const int main_process = main_process_of(resource_);
    ASSERT_NE(main_process, 0);
    ASSERT_EQ(::kill(main_process, SIGKILL), 0);
    ASSERT_TRUE(eventually([&] { return !lives(main_process); }));
    ASSERT_FALSE(processes_of(resource_).empty());
  }

  cluster::Resource resource_;  // NOLINT: GoogleTest's way
};

TEST_F(ProcessDeath, OfAllIsACleanStopAlthoughThePidFileIsLeft) {
  kill_all();
  EXPECT_THAT(agent().run(resource_, {.action = "monitor"}), is_not_running());
  EXPECT_THAT(agent().run(resource_, {.action = "monitor", .check_level = 0}), is_not_running());
}

TEST_F(ProcessDeath, OfAllIsFollowedByAStart) {
  kill_all();
  EXPECT_THAT(agent().run(resource_, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource_, {.action = "monitor"}), succeeds());
}

TEST_F(ProcessDeath, OfAllIsFollowedByAStopThatCleansUp) {
  kill_all();
  EXPECT_THAT(agent().run(resource_, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource_), IsEmpty());
}

TEST_F(ProcessDeath, OfTheMainProcessAloneIsAFailureWithTheReason) {
  kill_main_process();
  const auto expected = fails(1, AllOf(HasSubstr("main process"), HasSubstr("died")));
  EXPECT_THAT(agent().run(resource_, {.action = "monitor"}), expected);
  EXPECT_THAT(agent().run(resource_, {.action = "monitor", .check_level = 0}), expected);
}

TEST_F(ProcessDeath, OfTheMainProcessAloneIsCleanedUpByTheNextStart) {
  const auto former = processes_of(resource_);
  kill_main_process();
  EXPECT_THAT(agent().run(resource_, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource_, {.action = "monitor"}), succeeds());
  for (const int pid : former) {
    EXPECT_FALSE(lives(pid)) << pid;
  }
}

TEST_F(ProcessDeath, OfTheMainProcessAloneIsCleanedUpByAStop) {
  kill_main_process();
  EXPECT_THAT(agent().run(resource_, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource_), IsEmpty());
  EXPECT_THAT(agent().run(resource_, {.action = "monitor"}), is_not_running());
}

TEST_F(ProcessDeath, OfOneWorkerEndsTheServer) {
  ASSERT_EQ(::kill(processes_of(resource_).back(), SIGKILL), 0);
  EXPECT_TRUE(eventually([&] { return agent().run(resource_, {.action = "monitor"}).code == 7; }));
  EXPECT_THAT(processes_of(resource_), IsEmpty());
  EXPECT_THAT(agent().run(resource_, {.action = "start"}), succeeds());
}

}  // namespace
}  // namespace live
