#include "sim/testing/story.h"

#include <csignal>
#include <string>

// Starts that go wrong.

namespace sim::stories {
namespace {

using ocf::ExitCode;

class StartStory : public StoryTest {};

TEST_F(StartStory, IsSlowAndSucceeds) {
  server().start_takes = seconds(20);
  EXPECT_THAT(start(), AllOf(succeeds(), takes_at_least(seconds(20))));
}

TEST_F(StartStory, TakesLongerThanItsTimeAndSaysSoInTime) {
  server().start_takes = hours(1);
  EXPECT_THAT(start(), fails(ExitCode::generic_error, "still initialising"));
  EXPECT_THAT(node.processes_of(one), IsEmpty());
}

TEST_F(StartStory, AnswersOnlyAfterAWhile) {
  server().ready_after = seconds(10);
  EXPECT_THAT(start(), AllOf(succeeds(), takes_at_least(seconds(10))));
  EXPECT_THAT(monitor(), succeeds());
}

TEST_F(StartStory, NeverGetsReadyAndSaysWhatWasMissing) {
  server().ready_after = never;
  EXPECT_THAT(start(),
              AllOf(fails(ExitCode::generic_error, "OPTIONS"), takes_at_most(seconds(60))));
}

TEST_F(StartStory, IsRefusedByTheServerInItsOwnWords) {
  node.profile().kamailio.start_error = "ERROR: no more shared memory";
  EXPECT_THAT(start(), fails(ExitCode::generic_error, "no more shared memory"));
}

TEST_F(StartStory, CrashesBeforeItIsADaemon) {
  server().crash = KamailioProfile::Crash::before_daemon;
  EXPECT_THAT(start(), fails(ExitCode::generic_error, "killed by signal 11"));
}

TEST_F(StartStory, CrashesAsADaemonAtOnce) {
  server().crash = KamailioProfile::Crash::as_daemon;
  EXPECT_THAT(start(), AllOf(fails(ExitCode::generic_error, "started and ended"),
                             takes_at_most(seconds(10))));
  EXPECT_THAT(monitor(), is_not_running());
}

TEST_F(StartStory, CrashesAsADaemonWhileItIsAsked) {
  server().crash = KamailioProfile::Crash::as_daemon;
  server().crash_after = seconds(3);
  server().ready_after = never;
  EXPECT_THAT(start(), AllOf(fails(ExitCode::generic_error, "started and ended"),
                             takes_at_most(seconds(10))));
}

TEST_F(StartStory, HasABrokenConfiguration) {
  node.change_profiles([](Profile& profile) {
    profile.kamailio.config_error =
        " 0(7) CRITICAL: <core> [core/cfg.y:3790]: yyerror_at(): parse error in config file "
        "/etc/kamailio/kamailio.cfg, line 2, column 10-13: number expected\n"
        "ERROR: bad config file (1 errors) (parsing code: 1)";
  });
  EXPECT_THAT(start(), fails(ExitCode::invalid_arguments, "line 2"));
  expect_nothing_left();
}

TEST_F(StartStory, HasNoConfiguration) {
  one = one.with("conffile", "/etc/kamailio/missing.cfg");
  EXPECT_THAT(start(), fails(ExitCode::invalid_arguments, "/etc/kamailio/missing.cfg"));
}

TEST_F(StartStory, HasAConfigurationThatDoesNotAnswerOptions) {
  server().answers = {{.reply = {.code = 404, .reason = "No"}}};
  one = one.with("kamctlrc", "");
  EXPECT_THAT(start(), fails(ExitCode::generic_error, "404 No"));
}

TEST_F(StartStory, HasAConfigurationThatAnswersOptionsForAnotherUri) {
  server().answers = {{.to = "sip:nobody@*", .reply = {}},
                      {.reply = {.code = 404, .reason = "No"}}};
  one = one.with("kamctlrc", "");
  EXPECT_THAT(start(), fails(ExitCode::generic_error, "404 No"));
}

TEST_F(StartStory, MeetsAPortInUse) {
  node.machine().put_directory("/run/squatter");
  node.machine().put_file("/etc/kamailio/squatter.cfg", kamailio_config("/run/squatter"));
  const auto squatter = one.with("pidfile", "/run/squatter/kamailio.pid")
                            .with("conffile", "/etc/kamailio/squatter.cfg")
                            .with("probe", "builtin")
                            .with("rpc", "unixd:/run/squatter/kamailio_rpc.sock");
  EXPECT_THAT(node.run("start", squatter), succeeds());
  EXPECT_THAT(start(), fails(ExitCode::generic_error, "Address already in use"));
  EXPECT_THAT(node.run("monitor", squatter), succeeds());
}

// Kamailio makes its RPC sockets before it looks for its ports, and removes them when it ends.
TEST_F(StartStory, TakesTheRpcSocketOfAServerWithTheSameConfiguration) {
  ask_with_builtin();
  const auto squatter = one.with("pidfile", "/run/squatter/kamailio.pid");
  EXPECT_THAT(node.run("start", squatter), succeeds());
  EXPECT_THAT(start(), fails(ExitCode::generic_error, "Address already in use"));
  EXPECT_THAT(node.run("monitor", squatter),
              fails(ExitCode::degraded, "kamailio_rpc.sock: No such file or directory"));
}

TEST_F(StartStory, HasAnAddressThatIsNotHere) {
  one = one.with("listen_address", "10.9.9.9");
  EXPECT_THAT(start(), fails(ExitCode::generic_error, "Cannot assign requested address"));
}

TEST_F(StartStory, FindsAPidFileThatNamesAReusedPid) {
  auto& stranger = node.machine().processes.add({.parent = Processes::init,
                                                 .executable = "/usr/sbin/cron",
                                                 .arguments = {"cron"},
                                                 .name = "cron"});
  node.machine().put_file(cluster::pid_file_of(one), std::to_string(stranger.id.pid) + "\n");
  EXPECT_THAT(start(), succeeds());
  EXPECT_NE(node.machine().processes.find(stranger.id), nullptr);
  EXPECT_THAT(stop(), succeeds());
  EXPECT_NE(node.machine().processes.find(stranger.id), nullptr);
}

TEST_F(StartStory, FindsAPidFileWithoutANumber) {
  node.machine().put_file(cluster::pid_file_of(one), "nonsense\n");
  EXPECT_THAT(start(), succeeds());
}

TEST_F(StartStory, FindsAPidFileThatIsEmpty) {
  node.machine().put_file(cluster::pid_file_of(one), "");
  EXPECT_THAT(start(), succeeds());
}

TEST_F(StartStory, HasAnUnknownUser) {
  one = one.with("kamuser", "nobody-here");
  EXPECT_THAT(start(), fails(ExitCode::invalid_arguments, "nobody-here"));
}

TEST_F(StartStory, HasNoRoomOnTheDiskForThePidFile) {
  node.machine().files.set_storage("/run", Storage::full);
  EXPECT_THAT(start(), fails(ExitCode::generic_error, "No space left on device"));
  EXPECT_THAT(node.processes_of(one), IsEmpty());
}

TEST_F(StartStory, HasAReadOnlyRunDirectory) {
  node.machine().files.set_storage("/run", Storage::read_only);
  EXPECT_THAT(start(), fails(ExitCode::not_permitted, "Read-only file system"));
}

TEST_F(StartStory, HasNoKamailio) {
  node.machine().files.vanish("/usr/sbin/kamailio");
  EXPECT_THAT(start(), fails(ExitCode::not_installed, "kamailio"));
}

TEST_F(StartStory, IsKilledByTheClusterAndLeavesNothingThatAStopDoesNotFind) {
  server().start_takes = seconds(5);
  const auto result = node.run("start", one, {.kill_after = milliseconds(5'050)});
  EXPECT_TRUE(result.killed);
  node.pass(seconds(10));
  EXPECT_THAT(stop(), succeeds());
  expect_nothing_left();
}

}  // namespace
}  // namespace sim::stories
