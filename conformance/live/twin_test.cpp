// A container on the node that runs Kamailio with the same command line.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

namespace live {
namespace {

using ::testing::IsEmpty;

// The twin has its own PID, network and mount namespaces, and so its own ports and PID file.
class Twin : public ::testing::Test {
 protected:
  void SetUp() override {
    resource_ = make_resource("p_kam", 5060);
    // Started by the agent first, to have the same command line.
    ASSERT_THAT(agent().run(resource_, {.action = "start"}), succeeds());
    std::string command;
    for (const auto& argument : arguments_of(main_process_of(resource_))) {
      command += " '" + argument + "'";
    }
    ASSERT_THAT(agent().run(resource_, {.action = "stop"}), succeeds());
    write_file("/tmp/twin",
               "set -e\nip link set lo up\nmount -t tmpfs tmpfs /run\n"
               "mkdir /run/kamailio_p_kam\n" +
                   command + "\ntouch /tmp/ready\nsleep 1000\n");
    start_program(
        {"unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "--net", "sh", "/tmp/twin"});
    ASSERT_TRUE(eventually([] { return exists("/tmp/ready"); }));
    twins_ = twins_of(resource_);
    ASSERT_GT(twins_.size(), 5U);
  }

  void TearDown() override {
    for (const int pid : twins_) {
      EXPECT_TRUE(lives(pid)) << pid;
    }
  }

  cluster::Resource resource_;  // NOLINT: GoogleTest's way
  std::vector<int> twins_;      // NOLINT
};

TEST_F(Twin, InAnotherPidNamespaceIsNotSeenByAMonitor) {
  EXPECT_THAT(agent().run(resource_, {.action = "monitor"}), is_not_running());
  EXPECT_THAT(agent().run(resource_, {.action = "monitor", .check_level = 0}), is_not_running());
}

TEST_F(Twin, InAnotherPidNamespaceIsLeftAloneByAStop) {
  EXPECT_THAT(agent().run(resource_, {.action = "stop"}), succeeds());
}

TEST_F(Twin, InAnotherPidNamespaceIsNoObstacleToALifeOfOnesOwn) {
  ASSERT_THAT(agent().run(resource_, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource_, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource_, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource_), IsEmpty());
}

// A PID file that was shared with the container, or copied from it, has a PID of that namespace.
TEST_F(Twin, WhosePidStandsInThePidFileIsLeftAlone) {
  ASSERT_EQ(run_program({"mkdir", "/run/kamailio_p_kam"}), 0);
  write_file(pid_file_of(resource_), std::to_string(twins_.front()) + "\n");
  EXPECT_THAT(agent().run(resource_, {.action = "monitor"}), is_not_running());
  EXPECT_THAT(agent().run(resource_, {.action = "stop"}), succeeds());
}

}  // namespace
}  // namespace live
