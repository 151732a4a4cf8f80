#include "sim/testing/story.h"

#include <csignal>
#include <string>

// Stops of servers that do not end by themselves.

namespace sim::stories {
namespace {

using ocf::ExitCode;

class StopStory : public StoryTest {
 protected:
  void SetUp() override { one = one.with("kamctlrc", ""); }
};

class StopTimeoutStory : public StopStory, public ::testing::WithParamInterface<int> {
 protected:
  [[nodiscard]] static milliseconds timeout() { return seconds(GetParam()); }
};

TEST_P(StopTimeoutStory, KillsAServerThatIgnoresSigtermWithinTheTime) {
  server().at_sigterm = KamailioProfile::AtSigterm::ignore;
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(stop(timeout()), AllOf(succeeds(), takes_at_most(timeout())));
  expect_nothing_left();
}

TEST_P(StopTimeoutStory, LetsAServerEndThatNeedsHalfOfIt) {
  server().end_takes = timeout() / 4;  // the children, and then the main process
  EXPECT_THAT(start(), succeeds());
  const auto result = stop(timeout());
  EXPECT_THAT(result, AllOf(succeeds(), takes_at_most(timeout())));
  EXPECT_FALSE(result.has_logged("SIGKILL"));
  expect_nothing_left();
}

TEST_P(StopTimeoutStory, FailsInTimeForAServerThatCannotBeKilled) {
  server().in_kernel = KamailioProfile::InKernel::from_sigterm;
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(stop(timeout()), AllOf(fails(ExitCode::generic_error, "hangs in the kernel"),
                                     takes_at_most(timeout())));
}

TEST_P(StopTimeoutStory, KillsAServerThatDeadlocksAtItsShutdown) {
  server().at_sigterm = KamailioProfile::AtSigterm::deadlock;
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(stop(timeout()), AllOf(succeeds(), takes_at_most(timeout())));
  expect_nothing_left();
}

TEST_P(StopTimeoutStory, EndsAFrozenServer) {
  EXPECT_THAT(start(), succeeds());
  node.send(SIGSTOP, Whom::all, one);
  EXPECT_THAT(stop(timeout()), AllOf(succeeds(), takes_at_most(timeout())));
  expect_nothing_left();
}

INSTANTIATE_TEST_SUITE_P(Seconds, StopTimeoutStory, ::testing::Values(5, 10, 30, 60));

TEST_F(StopStory, WaitsForAServerThatIsInTheKernelForAWhile) {
  server().in_kernel = KamailioProfile::InKernel::from_sigterm;
  server().in_kernel_for = seconds(10);
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(stop(), AllOf(succeeds(), takes_at_least(seconds(10))));
  expect_nothing_left();
}

TEST_F(StopStory, GivesAsMuchGraceAsItWasTold) {
  one = one.with("stop_grace", "2s");
  server().at_sigterm = KamailioProfile::AtSigterm::ignore;
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(stop(), AllOf(succeeds(), takes_at_least(seconds(2)), takes_at_most(seconds(3))));
}

TEST_F(StopStory, FindsTheChildrenOfADeadMainProcess) {
  EXPECT_THAT(start(), succeeds());
  node.send(SIGKILL, Whom::main, one);
  node.pass(seconds(1));
  EXPECT_THAT(node.processes_of(one), Not(IsEmpty()));
  EXPECT_THAT(stop(), succeeds());
  expect_nothing_left();
}

TEST_F(StopStory, NeedsNoPidFile) {
  EXPECT_THAT(start(), succeeds());
  node.machine().files.vanish("/run/kamailio_one");
  EXPECT_THAT(stop(), succeeds());
  expect_nothing_left();
}

TEST_F(StopStory, NeedsNoProgramAnyMore) {
  EXPECT_THAT(start(), succeeds());
  for (const auto* const program : {"/usr/sbin/kamailio", "/usr/bin/sipsak", "/usr/sbin/kamctl"}) {
    node.machine().files.vanish(program);
  }
  EXPECT_THAT(stop(), succeeds());
  expect_nothing_left();
}

TEST_F(StopStory, NeedsNoConfigurationAnyMore) {
  EXPECT_THAT(start(), succeeds());
  node.machine().files.vanish("/etc/kamailio");
  EXPECT_THAT(stop(), succeeds());
  expect_nothing_left();
}

TEST_F(StopStory, RemovesThePidFileThatTheServerLeaves) {
  server().leaves_pid_file = true;
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(stop(), succeeds());
  expect_nothing_left();
}

TEST_F(StopStory, SucceedsThoughThePidFileStays) {
  EXPECT_THAT(start(), succeeds());
  node.machine().files.set_storage("/run", Storage::read_only);
  const auto result = stop();
  EXPECT_THAT(result, succeeds());
  EXPECT_TRUE(result.has_logged("Read-only file system"));
  EXPECT_THAT(node.processes_of(one), IsEmpty());
}

TEST_F(StopStory, LeavesTheSameServerInAContainerAlone) {
  EXPECT_THAT(start(), succeeds());
  const auto pids = node.processes_of(one);
  for (const int pid : pids) {
    node.machine().processes.find(pid)->pid_namespace = 1;
  }
  EXPECT_THAT(stop(), succeeds());
  for (const int pid : pids) {
    EXPECT_FALSE(node.machine().processes.find(pid)->ended);
  }
}

TEST_F(StopStory, DoesNotSignalAProcessThatGotThePidInBetween) {
  EXPECT_THAT(start(), succeeds());
  const int main = node.processes_of(one).front();
  node.send(SIGKILL, Whom::all, one);
  node.pass(seconds(1));
  node.machine().processes.set_next_pid(main);
  auto& stranger = node.machine().processes.add({.parent = Processes::init,
                                                 .executable = "/usr/sbin/cron",
                                                 .arguments = {"cron"},
                                                 .name = "cron"});
  ASSERT_EQ(stranger.id.pid, main);
  EXPECT_THAT(stop(), succeeds());
  EXPECT_NE(node.machine().processes.find(stranger.id), nullptr);
}

TEST_F(StopStory, IsFinishedByTheNextStopIfTheAgentWasKilled) {
  server().at_sigterm = KamailioProfile::AtSigterm::ignore;
  EXPECT_THAT(start(), succeeds());
  EXPECT_TRUE(node.run("stop", one, {.timeout = seconds(60), .kill_after = seconds(1)}).killed);
  EXPECT_THAT(stop(), succeeds());
  expect_nothing_left();
}

}  // namespace
}  // namespace sim::stories
