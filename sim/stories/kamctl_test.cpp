#include "sim/testing/story.h"

#include <csignal>

// The check with kamctl, and its failures.

namespace sim::stories {
namespace {

using ocf::ExitCode;

class KamctlStory : public StoryTest {
 protected:
  void SetUp() override { ASSERT_THAT(start(), succeeds()); }
};

TEST_F(KamctlStory, AsksAHealthyServer) { EXPECT_THAT(monitor(), succeeds()); }

TEST_F(KamctlStory, IsLeftOutWithAnEmptyKamctlrc) {
  one = one.with("kamctlrc", "");
  node.machine().files.vanish("/usr/sbin/kamctl");
  EXPECT_THAT(monitor(), succeeds());
}

TEST_F(KamctlStory, SaysNotInstalledWithoutItsKamctlrc) {
  node.machine().files.vanish("/etc/kamailio/kamctlrc");
  EXPECT_THAT(monitor(), fails(ExitCode::not_installed, "/etc/kamailio/kamctlrc"));
  EXPECT_THAT(monitor(),
              fails(ExitCode::not_installed, "to check without kamctl, set kamctlrc=none"));
}

TEST_F(KamctlStory, SaysNotInstalledWithoutKamctl) {
  node.machine().files.vanish("/usr/sbin/kamctl");
  EXPECT_THAT(monitor(), fails(ExitCode::not_installed, "kamctl"));
}

TEST_F(KamctlStory, ReportsAServerWithoutItsFifo) {
  node.machine().files.vanish("/run/kamailio/kamailio_rpc.fifo");
  EXPECT_THAT(monitor(), fails(ExitCode::generic_error, "FIFO"));
}

TEST_F(KamctlStory, ReportsAFrozenServerAndLeavesNoFifoBehind) {
  node.send(SIGSTOP, Whom::all, one);
  EXPECT_THAT(monitor(), fails(ExitCode::generic_error, "kamctl monitor 1: no answer within"));
  EXPECT_THAT(node.machine().files.list("/tmp", {}).value(), IsEmpty());
}

TEST_F(KamctlStory, SurvivesAKamctlThatHangs) {
  node.profile().kamctl.ill = KamctlProfile::Ill::hangs;
  EXPECT_THAT(monitor(), AllOf(fails(ExitCode::generic_error, "no answer within"),
                               takes_at_most(seconds(30))));
}

TEST_F(KamctlStory, DoesNotTakeGarbageForAnAnswer) {
  node.profile().kamctl.ill = KamctlProfile::Ill::garbage;
  EXPECT_THAT(monitor(), fails(ExitCode::generic_error, "expected a line with \"since\""));
}

TEST_F(KamctlStory, WaitsForASlowKamctl) {
  node.profile().kamctl.takes = seconds(5);
  EXPECT_THAT(monitor(), AllOf(succeeds(), takes_at_least(seconds(5))));
}

TEST_F(KamctlStory, UnderstandsOlderAndNewerOutput) {
  node.profile().kamctl.form = KamctlProfile::Form::older;
  EXPECT_THAT(monitor(), succeeds());
  node.profile().kamctl.form = KamctlProfile::Form::newer;
  EXPECT_THAT(monitor(), succeeds());
}

TEST_F(KamctlStory, IsEndedWithTheAgentThatIsKilled) {
  node.profile().kamctl.ill = KamctlProfile::Ill::hangs;
  EXPECT_TRUE(node.run("monitor", one, {.kill_after = seconds(1)}).killed);
  node.pass(milliseconds(1));
  for (const auto& [pid, process] : node.machine().processes.all()) {
    EXPECT_NE(process.name, "kamctl");
  }
}

}  // namespace
}  // namespace sim::stories
