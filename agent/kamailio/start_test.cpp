#include "agent/kamailio/testing/node.h"
#include "agent/ocf/testing/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace kamailio {
namespace {

using namespace std::chrono_literals;
using host::Signal;
using ocf::ExitCode;
using ocf::testing::ends_with;
using ocf::testing::succeeds;
using testing::Node;
using testing::Performance;
using testing::takes_no_notice;
using Mood = Node::Mood;
using ::testing::_;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

TEST(Start, LaunchesKamailioAndReturnsWhenItIsHealthy) {
  Node node;
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_THAT(node.runner.launched(), SizeIs(1));
  EXPECT_EQ(node.processes.living(), (std::vector<int>{100, 101, 102}));
  // The launch and one round of the tools.
  EXPECT_EQ(node.elapsed(), 13ms + 55ms + 1ms);
}

TEST(Start, LaunchesWhatTheParametersSay) {
  Node node;
  node.set("proto", "udp").set("kamuser", "kamailio").set("extra_options", "-m 128");
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_THAT(
      node.runner.launched().at(0).arguments,
      ElementsAre(Node::binary, "-P", Node::pid_file, "-f", Node::conffile, "-T", "-l",
                  "udp:192.0.2.1:5060", "-l", "udp:127.0.0.1:5060", "-u", "kamailio", "-m", "128"));
}

TEST(Start, LaunchesTheBinaryWhereverItIs) {
  Node node;
  node.uninstall(Node::binary).files.put_program("/usr/local/sbin/kamailio");
  (void)node.run("start");
  EXPECT_EQ(node.runner.launched().at(0).arguments.at(0), "/usr/local/sbin/kamailio");
}

TEST(Start, LaunchesNothingIfTheServerIsHealthyAlready) {
  Node node;
  node.start_kamailio();
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_THAT(node.runner.launched(), IsEmpty());
  EXPECT_THAT(node.processes.signals(), IsEmpty());
}

TEST(Start, WaitsForAServerThatIsJustComingUp) {
  Node node;
  node.mood(Mood::is_not_up).start_kamailio();
  node.mood_after(700ms, Mood::answers);
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_THAT(node.runner.launched(), IsEmpty());
  EXPECT_LT(node.elapsed(), 1500ms);
}

TEST(Start, GivesASingleProcessTimeToBecomeAServer) {
  Node node;
  const int launcher = node.start_process(1);
  node.clock.in(500ms, [&] {
    node.processes.end(launcher);
    node.start_kamailio();
  });
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_THAT(node.runner.launched(), IsEmpty());
  EXPECT_THAT(node.processes.signals(), IsEmpty());
}

TEST(Start, WaitsForAServerThatAnswersLateAfterItsLaunch) {
  Node node;
  node.mood(Mood::is_not_up).mood_after(3s, Mood::answers);
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_THAT(node.runner.launched(), SizeIs(1));
  EXPECT_LT(node.elapsed(), 4s);
}

// Waiting a second before each new attempt would cost a call each.
TEST(Start, LooksAgainSoonAtFirst) {
  Node node;
  node.mood(Mood::is_not_up).mood_after(60ms, Mood::answers);
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_LT(node.elapsed(), 200ms);
}

TEST(Start, DoesNotKeepTheNodeBusyWhileItWaits) {
  Node node;
  node.mood(Mood::is_not_up);
  EXPECT_THAT(node.timeout(60s).run("start"), ends_with(ExitCode::generic_error, _));
  EXPECT_LT(node.runner.ran().size(), 3U * 130U);  // at most about two rounds each second
}

// On a busy node a tool can take so long, and each run that is cut short is lost.
TEST(Start, WaitsForAToolAsLongAsAMonitorDoes) {
  Node node;
  node.runner.helper(Node::kamctl, [](const auto&) -> Performance {
    return {.result = host::Exited{.output = {.out = "up_since: today\n"}}, .takes = 12s};
  });
  EXPECT_THAT(node.timeout(30s).run("start"), succeeds());
  EXPECT_THAT(node.run("monitor"), succeeds());
}

// Leftovers.

TEST(Start, EndsWhatADeadMainProcessLeftAndLaunchesAnew) {
  Node node;
  node.start_orphans();
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_THAT(node.receivers_of(Signal::terminate), ElementsAre(101, 102));
  EXPECT_THAT(node.runner.launched(), SizeIs(1));
  EXPECT_EQ(node.processes.living(), (std::vector<int>{103, 104, 105}));
  EXPECT_LT(node.elapsed(), 1s);
}

TEST(Start, KillsLeftoversThatIgnoreSigterm) {
  Node node;
  node.start_orphans(takes_no_notice);
  EXPECT_THAT(node.timeout(60s).run("start"), succeeds());
  EXPECT_THAT(node.receivers_of(Signal::kill), ElementsAre(101, 102));
}

TEST(Start, EndsASingleProcessThatNeverBecomesAServer) {
  Node node;
  node.start_process(1);
  EXPECT_THAT(node.timeout(60s).run("start"), succeeds());
  EXPECT_THAT(node.receivers_of(Signal::terminate), ElementsAre(100));
  EXPECT_LT(node.elapsed(), 5s);
}

TEST(Start, FailsIfLeftoversCannotBeEnded) {
  Node node;
  node.start_orphans();
  node.processes.change_state(101, host::ProcessState::uninterruptible);
  EXPECT_THAT(node.timeout(60s).run("start"),
              ends_with(ExitCode::generic_error, AllOf(HasSubstr("101"), HasSubstr("SIGKILL"))));
  EXPECT_THAT(node.runner.launched(), IsEmpty());
  EXPECT_LT(node.elapsed(), 60s);
}

TEST(Start, RemovesAStalePidFile) {
  for (const std::string content : {"", "kamailio\n", "4711\n"}) {
    Node node;
    node.put_pid_file(content);
    bool was_there = true;
    node.runner.daemon([&](const auto&) -> Performance {
      was_there = node.files.has(Node::pid_file);
      node.start_kamailio();
      return {.takes = 13ms};
    });
    EXPECT_THAT(node.run("start"), succeeds());
    EXPECT_FALSE(was_there) << content;
  }
}

// Kamailio refuses to start if the file names any process, even a zombie.
TEST(Start, RemovesAPidFileWhosePidWasReused) {
  for (const bool is_zombie : {false, true}) {
    Node node;
    node.processes.add({.id = {.pid = 4711, .start_time = 1}, .arguments = {"/usr/sbin/cron"}});
    if (is_zombie) {
      node.processes.change_state(4711, host::ProcessState::zombie);
    }
    node.put_pid_file("4711\n");
    EXPECT_THAT(node.run("start"), succeeds());
    EXPECT_THAT(node.files.changes(), Contains("remove_file " + Node::pid_file));
    EXPECT_THAT(node.processes.signals(), IsEmpty());
  }
}

TEST(Start, RefusesAPidFileThatAnotherProgramUses) {
  Node node;
  node.processes.add({.id = {.pid = 4711, .start_time = 1},
                      .arguments = {"/opt/other/kamailio", "-P", Node::pid_file},
                      .executable = "/opt/other/kamailio"});
  node.put_pid_file("4711\n");
  EXPECT_THAT(node.run("start"),
              ends_with(ExitCode::generic_error,
                        AllOf(HasSubstr("4711"), HasSubstr("/opt/other/kamailio"))));
  EXPECT_TRUE(node.files.has(Node::pid_file));
  EXPECT_THAT(node.runner.launched(), IsEmpty());
}

TEST(Start, RefusesToReplaceAFileThatIsNotAPidFile) {
  Node node;
  node.files.put("/etc/precious", {.content = std::string(1000, 'x')});
  EXPECT_THAT(node.set("pidfile", "/etc/precious").run("start"),
              ends_with(_, HasSubstr("/etc/precious")));
  EXPECT_TRUE(node.files.has("/etc/precious"));
  EXPECT_THAT(node.runner.launched(), IsEmpty());
}

TEST(Start, WarnsOfFilesThatOthersCanChangeAndRootUses) {
  Node node;
  node.files.give_to(Node::conffile, {.user = 108, .group = 112});
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_THAT(node.log.warnings(), Contains(HasSubstr(Node::conffile + " belongs to uid 108")));
}

// A directory service may be slow, or may know an empty name.
TEST(Start, LooksUpNoAccountThatIsNotSet) {
  Node node;
  EXPECT_THAT(node.set("kamgroup", "sip").run("start"), succeeds());
  EXPECT_THAT(node.accounts.asked_for(), Not(Contains("")));
}

// Refusals.

// Neither monitor nor stop would recognise the processes that it started.
TEST(Start, EndsAnotherProgramThatTheBinaryExecutes) {
  Node node;
  node.runner.daemon([&](const auto&) -> Performance {
    auto process = Node::kamailio_process(300, 1);
    process.arguments.front() = "/opt/kamailio/sbin/kamailio";
    process.executable = "/opt/kamailio/sbin/kamailio";
    node.processes.add(process);
    node.put_pid_file("300\n");
    return {.takes = 13ms};
  });
  EXPECT_THAT(node.run("start"),
              ends_with(ExitCode::generic_error, AllOf(HasSubstr("binary=" + Node::binary),
                                                       HasSubstr("/opt/kamailio/sbin/kamailio"))));
  EXPECT_THAT(node.processes.living(), IsEmpty());
}

// Time.

TEST(Start, GivesUpBeforeTheTimeoutWithWhatItSawLast) {
  for (const auto timeout : {1000ms, 5000ms, 60000ms}) {
    Node node;
    node.mood(Mood::rejects);
    EXPECT_THAT(node.timeout(timeout).run("start"),
                ends_with(ExitCode::generic_error, HasSubstr("SIP/2.0 404 Not here")));
    EXPECT_LT(node.elapsed(), timeout);
  }
}

TEST(Start, GivesUpWithTheRefusalThatItSawBeforeItsTimeRanOut) {
  for (const auto& probe : {"sipsak", "builtin"}) {
    Node node;
    node.mood(Mood::rejects).mood_after(4s, Mood::is_silent);
    EXPECT_THAT(node.timeout(5s).set("probe", probe).run("start"),
                ends_with(ExitCode::generic_error, HasSubstr("404 Not here")));
  }
}

TEST(Start, GivesUpBeforeTheTimeoutOnAServerThatNeverAnswers) {
  for (const auto timeout : {500ms, 1000ms, 5000ms, 60000ms}) {
    Node node;
    EXPECT_THAT(node.mood(Mood::is_silent).timeout(timeout).run("start"),
                ends_with(ExitCode::generic_error, HasSubstr("no answer")));
    // A tool that ignores SIGTERM runs for 200 ms more.
    EXPECT_LE(node.elapsed() + 200ms, timeout);
  }
}

TEST(Start, GivesUpBeforeTheTimeoutOnALaunchThatNeverReturns) {
  Node node;
  node.runner.daemon([](const auto&) -> Performance { return {.takes = 1h}; });
  EXPECT_THAT(node.timeout(60s).run("start"),
              ends_with(ExitCode::generic_error, HasSubstr("still initialising")));
  EXPECT_LT(node.elapsed(), 60s);
}

TEST(Start, GivesUpBeforeTheTimeoutOfTheMetadataIfThereIsNone) {
  Node node;
  EXPECT_THAT(node.mood(Mood::is_silent).no_timeout().run("start"),
              ends_with(ExitCode::generic_error, _));
  EXPECT_LT(node.elapsed(), 60s);
}

TEST(Start, LeavesNothingThatAStopCannotEnd) {
  Node node;
  EXPECT_THAT(node.mood(Mood::is_silent).timeout(5s).run("start"),
              ends_with(ExitCode::generic_error, _));
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.processes.living(), IsEmpty());
  EXPECT_FALSE(node.files.has(Node::pid_directory));
}

TEST(Start, GivesUpAtOnceIfAToolGoesAway) {
  Node node;
  node.mood(Mood::is_not_up).start_kamailio();
  node.clock.in(1s, [&] { node.uninstall(Node::sipsak); });
  EXPECT_THAT(node.timeout(60s).run("start"),
              ends_with(ExitCode::not_installed, HasSubstr("sipsak=")));
  EXPECT_LT(node.elapsed(), 3s);
}

// Requirements of start.

TEST(Start, NeedsEverythingInstalled) {
  for (const auto& [parameter, path] : Node::software) {
    Node node;
    EXPECT_THAT(node.uninstall(path).run("start"),
                ends_with(ExitCode::not_installed, StartsWith(parameter + "=/")));
    EXPECT_THAT(node.runner.launched(), IsEmpty());
  }
}

TEST(Start, NeedsItsConfigurationFile) {
  Node node;
  EXPECT_THAT(node.uninstall(Node::conffile).run("start"),
              ends_with(ExitCode::invalid_arguments, HasSubstr("conffile=" + Node::conffile)));
}

TEST(Start, NamesAllThatIsMissing) {
  Node node;
  EXPECT_THAT(node.uninstall_everything().run("start"),
              ends_with(ExitCode::not_installed,
                        AllOf(HasSubstr("binary="), HasSubstr("sipsak="), HasSubstr("kamctl="),
                              HasSubstr("kamctlrc="), HasSubstr("conffile="))));
}

TEST(Start, RefusesWrongParametersAllTogether) {
  Node node;
  EXPECT_THAT(node.set("port", "banana").set("listen_address", "999.1.1.1x").run("start"),
              ends_with(ExitCode::not_configured,
                        AllOf(HasSubstr("port=banana"), HasSubstr("listen_address=999.1.1.1x"))));
  EXPECT_THAT(node.runner.launched(), IsEmpty());
}

TEST(Start, LaunchesNothingIfTheProcessTableCannotBeRead) {
  Node node;
  node.processes.become_unreadable({.text = "/proc: not mounted"});
  EXPECT_THAT(node.run("start"), ends_with(ExitCode::generic_error, HasSubstr("/proc")));
  EXPECT_THAT(node.runner.launched(), IsEmpty());
}

}  // namespace
}  // namespace kamailio
