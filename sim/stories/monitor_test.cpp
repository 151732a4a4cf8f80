#include "sim/testing/story.h"

#include <csignal>
#include <string>

// Servers in trouble, as a monitor finds them.

namespace sim::stories {
namespace {

using ocf::ExitCode;
using Transport = KamailioProfile::Transport;

class MonitorStory : public StoryTest {
 protected:
  void SetUp() override { ask_with_builtin(); }

  void start_then(int signal, Whom whom) {
    ASSERT_THAT(start(), succeeds());
    node.send(signal, whom, one);
    node.pass(seconds(1));
  }
};

class SipsakMonitorStory : public StoryTest {
 protected:
  void SetUp() override { one = one.with("kamctlrc", ""); }
};

TEST_F(MonitorStory, SaysNotRunningOnceAllAreKilled) {
  start_then(SIGKILL, Whom::all);
  EXPECT_THAT(monitor(), is_not_running());
}

TEST_F(MonitorStory, SaysErrorWhileChildrenOfADeadMainProcessLive) {
  start_then(SIGKILL, Whom::main);
  EXPECT_THAT(monitor(), fails(ExitCode::generic_error, "main process"));
}

TEST_F(MonitorStory, SaysNotRunningAfterAChildDiedSinceTheServerEndsItself) {
  start_then(SIGKILL, Whom::first_child);
  EXPECT_THAT(monitor(), is_not_running());
}

TEST_F(MonitorStory, ReportsAFrozenServerInHalfOfItsTime) {
  start_then(SIGSTOP, Whom::all);
  EXPECT_THAT(monitor(seconds(20)),
              AllOf(fails(ExitCode::generic_error, "is stopped"), takes_at_most(seconds(11))));
}

TEST_F(MonitorStory, ReportsAFrozenServerWithinProbeTimeout) {
  one = one.with("probe_timeout", "2s");
  start_then(SIGSTOP, Whom::all);
  EXPECT_THAT(monitor(), AllOf(fails(ExitCode::generic_error, "is stopped"),
                               takes_at_most(milliseconds(2'050))));
}

TEST_F(MonitorStory, ReportsAServerThatIsDeafOnTcpOnly) {
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(stop(), succeeds());
  server().deaf = {Transport::tcp};
  EXPECT_THAT(start(), fails(ExitCode::generic_error, "over tcp"));
  const auto result = monitor();
  EXPECT_THAT(result, fails(ExitCode::generic_error, "over tcp"));
  EXPECT_THAT(result.reason, Not(HasSubstr("over udp")));
}

TEST_F(MonitorStory, ReportsAServerThatIsDeafOnUdpOnly) {
  server().deaf = {Transport::udp};
  (void)start();
  EXPECT_THAT(monitor(), fails(ExitCode::generic_error, "over udp"));
}

TEST_F(MonitorStory, ReportsAServerWhoseRpcIsSilent) {
  server().deaf = {Transport::rpc};
  (void)start();
  EXPECT_THAT(monitor(), fails(ExitCode::degraded, "kamailio_rpc.sock"));
}

TEST_F(MonitorStory, ReportsAnotherReply) {
  server().options = SipBehaviour{.replies = {{.code = 503}}};
  (void)start();
  EXPECT_THAT(monitor(), fails(ExitCode::generic_error, "503 Service Unavailable"));
}

TEST_F(MonitorStory, TakesAnotherReplyIfItWasTold) {
  one = one.with("probe_accept", "2xx,503");
  server().options = SipBehaviour{.replies = {{.code = 503}}};
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(monitor(), succeeds());
}

TEST_F(MonitorStory, WaitsForALateReply) {
  server().options = SipBehaviour{.replies = {{.after = milliseconds(400)}}};
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(monitor(), AllOf(succeeds(), takes_at_least(milliseconds(400))));
}

TEST_F(MonitorStory, WaitsForTheFinalReplyAfterAProvisionalOne) {
  server().options = SipBehaviour{.replies = {{.code = 100}, {.after = seconds(2)}}};
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(monitor(), succeeds());
}

TEST_F(MonitorStory, TakesAReplyThatComesTwiceForOne) {
  server().options = SipBehaviour{.replies = {{.times = 2}}};
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(monitor(), succeeds());
}

TEST_F(MonitorStory, TakesAReplyThatComesInPieces) {
  server().options = SipBehaviour{.replies = {{}}, .piece = 7};
  EXPECT_THAT(start(), succeeds());
}

TEST_F(MonitorStory, DoesNotTakeGarbageForAnAnswer) {
  one = one.with("proto", "udp");
  server().options = SipBehaviour{.replies = {{.bytes = "rubbish"}}};
  EXPECT_THAT(start(), fails(ExitCode::generic_error, "OPTIONS"));
}

TEST_F(MonitorStory, ReportsALinkThatLosesEverything) {
  EXPECT_THAT(start(), succeeds());
  node.machine().sockets.set_weather({.loss = 1});
  EXPECT_THAT(monitor(), fails(ExitCode::generic_error, "OPTIONS"));
}

TEST_F(MonitorStory, SurvivesALinkThatLosesEveryThirdPacket) {
  EXPECT_THAT(start(), succeeds());
  node.machine().sockets.set_weather({.loss = 0.3});
  EXPECT_THAT(monitor(seconds(60)), succeeds());
}

TEST_F(MonitorStory, DoesNotMindALinkThatDoublesAndReorders) {
  EXPECT_THAT(start(), succeeds());
  node.machine().sockets.set_weather(
      {.jitter = milliseconds(5), .duplication = 0.5, .reordering = 0.5, .largest_segment = 10});
  for (int turn = 0; turn < 20; ++turn) {
    EXPECT_THAT(monitor(), succeeds());
  }
}

TEST_F(MonitorStory, ReportsAnAddressThatHasMovedAway) {
  one = one.with("monitoring_ip", "192.168.159.128");
  EXPECT_THAT(start(), succeeds());
  node.machine().sockets.remove_address("192.168.159.128");
  EXPECT_THAT(monitor(), fails(ExitCode::generic_error, "OPTIONS"));
}

TEST_F(MonitorStory, DoesNotMindThatTheWallClockSteps) {
  EXPECT_THAT(start(), succeeds());
  node.machine().wall_offset -= hours(24 * 365);
  EXPECT_THAT(monitor(), succeeds());
  node.machine().wall_offset += hours(24 * 365 * 2);
  EXPECT_THAT(monitor(), succeeds());
  EXPECT_THAT(stop(), succeeds());
}

TEST_F(MonitorStory, FindsTheServerWithoutItsPidFile) {
  EXPECT_THAT(start(), succeeds());
  node.machine().files.vanish(cluster::pid_file_of(one));
  EXPECT_THAT(monitor(), fails(ExitCode::degraded,
                               "the PID file " + cluster::pid_file_of(one) + " is missing"));
}

TEST_F(MonitorStory, FindsTheServerThoughItsPidFileCannotBeRead) {
  EXPECT_THAT(start(), succeeds());
  node.machine().files.add_fault(cluster::pid_file_of(one), {.error = EIO});
  EXPECT_THAT(monitor(), fails(ExitCode::degraded, "Input/output error"));
}

TEST_F(MonitorStory, IsNotDeceivedByAReusedPidInThePidFile) {
  start_then(SIGKILL, Whom::all);
  auto& stranger = node.machine().processes.add({.parent = Processes::init,
                                                 .executable = "/usr/sbin/cron",
                                                 .arguments = {"cron"},
                                                 .name = "cron"});
  node.machine().put_file(cluster::pid_file_of(one), std::to_string(stranger.id.pid) + "\n");
  EXPECT_THAT(monitor(), is_not_running());
}

TEST_F(MonitorStory, CallsLittleFreeMemoryDegradedAtCheckLevel20) {
  server().free_memory_percent = 3;
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(node.run("monitor", one, {.check_level = 20}),
              fails(ExitCode::degraded, "3 % of shared memory"));
  EXPECT_THAT(monitor(), succeeds());
}

TEST_F(MonitorStory, CallsAStoppedWorkerDegradedAtCheckLevel20) {
  EXPECT_THAT(start(), succeeds());
  node.send(SIGSTOP, Whom::first_child, one);
  EXPECT_THAT(node.run("monitor", one, {.check_level = 20}),
              fails(ExitCode::degraded, "is stopped"));
}

TEST_F(MonitorStory, ReportsAServerThatAnswersOnlyUnderLowLoad) {
  server().most_per_second = 1;
  server().deaf = {};
  EXPECT_THAT(start(), succeeds());
  node.pass(seconds(5));
  EXPECT_THAT(monitor(), succeeds());
}

TEST_F(SipsakMonitorStory, GivesUpSipsakBeforeTheClusterKillsTheAgent) {
  EXPECT_THAT(start(), succeeds());
  node.send(SIGSTOP, Whom::all, one);
  EXPECT_THAT(monitor(seconds(30)), AllOf(fails(ExitCode::generic_error, "no answer within"),
                                          takes_at_most(seconds(16))));
}

TEST_F(SipsakMonitorStory, SaysWhatSipsakSaysOfARefusal) {
  EXPECT_THAT(start(), succeeds());
  node.send(SIGKILL, Whom::main, one);
  EXPECT_THAT(monitor(), fails(ExitCode::generic_error, "main process"));
}

TEST_F(SipsakMonitorStory, SaysNotInstalledWithoutSipsak) {
  EXPECT_THAT(start(), succeeds());
  node.machine().files.vanish("/usr/bin/sipsak");
  EXPECT_THAT(monitor(), fails(ExitCode::not_installed, "sipsak"));
}

TEST_F(SipsakMonitorStory, SurvivesASipsakThatHangs) {
  EXPECT_THAT(start(), succeeds());
  node.profile().sipsak.ill = SipsakProfile::Ill::hangs;
  EXPECT_THAT(monitor(), AllOf(fails(ExitCode::generic_error, "no answer within"),
                               takes_at_most(seconds(30))));
}

TEST_F(SipsakMonitorStory, SurvivesASipsakThatCrashes) {
  EXPECT_THAT(start(), succeeds());
  node.profile().sipsak.ill = SipsakProfile::Ill::crashes;
  EXPECT_THAT(monitor(), fails(ExitCode::generic_error, "killed by signal 11"));
}

TEST_F(SipsakMonitorStory, SurvivesASipsakThatFloods) {
  EXPECT_THAT(start(), succeeds());
  node.profile().sipsak.ill = SipsakProfile::Ill::floods;
  EXPECT_THAT(monitor(), AllOf(fails(ExitCode::generic_error, "no answer within"),
                               takes_at_most(seconds(30))));
}

}  // namespace
}  // namespace sim::stories
