#include "agent/kamailio/testing/node.h"
#include "agent/ocf/testing/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace kamailio {
namespace {

using namespace std::chrono_literals;
using host::ProcessState;
using host::Signal;
using ocf::ExitCode;
using ocf::testing::ends_with;
using ocf::testing::succeeds;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Manners;
using testing::Node;
using ::testing::Not;
using testing::takes_no_notice;

const Manners of_somebody_else = {.owner = Manners::Owner::somebody_else};

// The time at which SIGKILL is sent to a server that ignores SIGTERM.
host::Duration kill_of(Node& node) {
  node.start_kamailio(takes_no_notice);
  EXPECT_THAT(node.run("stop"), succeeds());
  for (const auto& sent : node.processes.signals()) {
    if (sent.signal == Signal::kill) {
      return sent.after;
    }
  }
  ADD_FAILURE() << "nobody was killed";
  return {};
}

TEST(Stop, SucceedsIfNothingRuns) {
  Node node;
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.processes.signals(), IsEmpty());
}

TEST(Stop, SucceedsOnANodeWithoutKamailio) {
  Node node;
  node.uninstall_everything();
  EXPECT_THAT(node.run("stop"), succeeds());
}

TEST(Stop, SendsSigtermToAllProcesses) {
  Node node;
  node.start_kamailio();
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.receivers_of(Signal::terminate), ElementsAre(100, 101, 102));
  EXPECT_THAT(node.receivers_of(Signal::kill), IsEmpty());
  EXPECT_THAT(node.processes.living(), IsEmpty());
}

TEST(Stop, ReturnsAsSoonAsTheLastProcessIsGone) {
  Node node;
  node.start_kamailio({.ends_after = 5ms});
  node.start_process(100, {.ends_after = 70ms});
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_EQ(node.elapsed(), 70ms);
}

// Kamailio can lose a SIGTERM.
TEST(Stop, NeedsNoSigkillForAServerThatLostTheFirstSigterm) {
  Node node;
  node.start_kamailio({.loses = 1});
  EXPECT_THAT(node.timeout(30s).run("stop"), succeeds());
  EXPECT_THAT(node.receivers_of(Signal::kill), IsEmpty());
  EXPECT_LT(node.elapsed(), 1s);
}

TEST(Stop, SendsSigtermAgainToProcessesThatAreAlive) {
  Node node;
  node.start_kamailio({.ends_after = 5ms});
  node.start_process(100, {.ends_after = 120ms});
  EXPECT_THAT(node.run("stop"), succeeds());
  // SIGTERM is sent at once and after 50 ms; the process is gone before the next time 100 ms later.
  EXPECT_THAT(node.receivers_of(Signal::terminate), ElementsAre(100, 101, 102, 103, 103));
}

TEST(Stop, KillsAllThatAreLeftAfterTheGraceAndNoneBefore) {
  Node node;
  node.start_kamailio(takes_no_notice);
  node.start_process(100, {.ends_after = 50ms});
  EXPECT_THAT(node.timeout(30s).run("stop"), succeeds());
  EXPECT_THAT(node.receivers_of(Signal::kill), ElementsAre(100, 101, 102));
  for (const auto& sent : node.processes.signals()) {
    EXPECT_EQ(sent.after >= 23s, sent.signal == Signal::kill) << sent;
  }
  EXPECT_THAT(node.log.warnings(), ElementsAre(HasSubstr("SIGKILL")));
}

TEST(Stop, KillsAfterHalfTheTimeoutOrAllButSevenSeconds) {
  for (const auto& [timeout, grace] :
       std::vector<std::pair<std::chrono::milliseconds, std::chrono::milliseconds>>{
           {2s, 1s}, {10s, 5s}, {14s, 7s}, {30s, 23s}, {90s, 83s}}) {
    Node node;
    EXPECT_EQ(kill_of(node.timeout(timeout)), grace) << timeout.count();
  }
}

TEST(Stop, KillsAfterTwentySecondsWithoutATimeout) {
  Node node;
  EXPECT_EQ(kill_of(node.no_timeout()), 20s);
}

TEST(Stop, KillsAfterStopGraceIfThatIsSet) {
  Node node;
  EXPECT_EQ(kill_of(node.timeout(30s).set("stop_grace", "1500ms")), 1500ms);
}

TEST(Stop, KillsBeforeTheTimeoutHoweverLongStopGraceIs) {
  Node node;
  EXPECT_LT(kill_of(node.timeout(30s).set("stop_grace", "1h")), 30s);
}

TEST(Stop, KillsAfterTheUsualGraceIfStopGraceIsWrong) {
  Node node;
  EXPECT_EQ(kill_of(node.timeout(30s).set("stop_grace", "soon")), 23s);
  EXPECT_THAT(node.log.warnings(), Contains(HasSubstr("stop_grace=soon")));
}

TEST(Stop, EndsAServerThatIgnoresSigtermWithinEveryTimeout) {
  for (const auto timeout : {100ms, 200ms, 300ms, 400ms, 500ms, 800ms, 1000ms, 5000ms, 600000ms}) {
    Node node;
    node.start_kamailio(takes_no_notice);
    EXPECT_THAT(node.timeout(timeout).run("stop"), succeeds()) << timeout.count() << " ms";
    EXPECT_THAT(node.processes.living(), IsEmpty()) << timeout.count() << " ms";
    EXPECT_LT(node.elapsed(), timeout);
  }
}

TEST(Stop, EndsAServerThatIgnoresSigtermWithinEveryTimeoutAndTheLongestStopGrace) {
  for (const auto timeout : {100ms, 400ms, 500ms, 700ms, 800ms, 1000ms, 5000ms, 600000ms}) {
    Node node;
    node.start_kamailio(takes_no_notice);
    EXPECT_THAT(node.timeout(timeout).set("stop_grace", "24h").run("stop"), succeeds())
        << timeout.count() << " ms";
    EXPECT_THAT(node.processes.living(), IsEmpty()) << timeout.count() << " ms";
    EXPECT_LT(node.elapsed(), timeout);
  }
}

// Without SIGCONT, SIGTERM stays pending.
TEST(Stop, ResumesAStoppedServerSoThatItCanEnd) {
  Node node;
  node.start_kamailio();
  node.stop_by_signal({100, 102});
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.receivers_of(Signal::resume), ElementsAre(100, 102));
  EXPECT_THAT(node.receivers_of(Signal::kill), IsEmpty());
  EXPECT_LT(node.elapsed(), 1s);
}

TEST(Stop, EndsWhatADeadMainProcessLeft) {
  Node node;
  node.start_orphans();
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.processes.living(), IsEmpty());
}

TEST(Stop, EndsTheServerThoughItsPidFileIsLost) {
  Node node;
  node.start_kamailio();
  node.files.take_away(Node::pid_file);
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.processes.living(), IsEmpty());
}

TEST(Stop, SendsSigtermToAProcessThatWasForkedBetweenTwoLooks) {
  Node node;
  node.start_kamailio({.ends_after = 100ms});
  node.clock.in(20ms, [&] { node.start_process(100); });
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.receivers_of(Signal::terminate), Contains(103));
  EXPECT_THAT(node.processes.living(), IsEmpty());
}

TEST(Stop, KillsAProcessThatWasForkedDuringTheGrace) {
  Node node;
  node.start_kamailio(takes_no_notice);
  node.clock.in(22s, [&] { node.start_process(100, takes_no_notice); });
  EXPECT_THAT(node.timeout(30s).run("stop"), succeeds());
  EXPECT_THAT(node.receivers_of(Signal::kill), ElementsAre(100, 101, 102, 103));
}

TEST(Stop, LeavesAllOthersAlone) {
  Node node;
  node.start_kamailio();
  auto twin = Node::kamailio_process(500, 1);
  twin.arguments = {Node::binary, "-P", "/var/run/kamailio_p_kam2/kamailio.pid"};
  node.processes.add(twin);
  auto editor = Node::kamailio_process(600, 1);
  editor.arguments = {"vim", Node::pid_file};
  editor.executable = "/usr/bin/vim";
  node.processes.add(editor);
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.processes.living(), ElementsAre(500, 600));
  EXPECT_THAT(node.processes.signals(),
              Each(Field(&testing::SentSignal::pid,
                         ::testing::AllOf(::testing::Ge(100), ::testing::Le(102)))));
}

TEST(Stop, LeavesAProcessWithAReusedPidAlone) {
  Node node;
  node.processes.add({.id = {.pid = 4711, .start_time = 1}, .arguments = {"/usr/sbin/cron"}});
  node.put_pid_file("4711\n");
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.processes.signals(), IsEmpty());
  EXPECT_FALSE(node.files.has(Node::pid_file));
}

TEST(Stop, IsNoSuccessWhileAProcessHangsInTheKernel) {
  Node node;
  node.start_kamailio();
  node.processes.change_state(101, ProcessState::uninterruptible);
  EXPECT_THAT(
      node.timeout(30s).run("stop"),
      ends_with(ExitCode::generic_error, AllOf(HasSubstr("101"), HasSubstr("state D"),
                                               HasSubstr("SIGKILL"), Not(HasSubstr("102")))));
  EXPECT_LT(node.elapsed(), 30s);
}

TEST(Stop, SucceedsIfAProcessLeavesTheKernelInTime) {
  Node node;
  node.start_kamailio();
  node.processes.change_state(101, ProcessState::uninterruptible);
  node.clock.in(24s, [&] { node.processes.end(101); });
  EXPECT_THAT(node.timeout(30s).run("stop"), succeeds());
  EXPECT_EQ(node.elapsed(), 24s);
}

TEST(Stop, LeavesThePidFileWhileAProcessLives) {
  Node node;
  node.start_kamailio();
  node.processes.change_state(101, ProcessState::uninterruptible);
  (void)node.run("stop");
  EXPECT_TRUE(node.files.has(Node::pid_file));
}

TEST(Stop, IsNoSuccessIfTheProcessTableCannotBeRead) {
  Node node;
  node.start_kamailio();
  node.processes.become_unreadable({.text = "/proc: not mounted"});
  EXPECT_THAT(node.run("stop"), ends_with(ExitCode::generic_error, HasSubstr("/proc")));
}

TEST(Stop, IsNoSuccessIfTheProcessTableCannotBeReadAnyMore) {
  Node node;
  node.start_kamailio();
  node.clock.in(1ms, [&] { node.processes.become_unreadable({.text = "/proc: not mounted"}); });
  EXPECT_THAT(node.run("stop"), ends_with(ExitCode::generic_error, HasSubstr("/proc")));
}

TEST(Stop, IsNotPermittedOnProcessesOfSomebodyElse) {
  Node node;
  node.start_kamailio(of_somebody_else);
  EXPECT_THAT(node.run("stop"), ends_with(ExitCode::not_permitted, HasSubstr("process 100")));
}

// Files.

TEST(Stop, RemovesThePidFileAndTheDefaultDirectory) {
  Node node;
  node.start_kamailio();
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.files.changes(), ElementsAre("remove_file " + Node::pid_file,
                                                "remove_directory " + Node::pid_directory));
}

TEST(Stop, LeavesADefaultDirectoryThatIsNotEmpty) {
  Node node;
  node.start_kamailio();
  node.files.put(Node::pid_directory + "/notes");
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_TRUE(node.files.has(Node::pid_directory + "/notes"));
  EXPECT_TRUE(node.files.has(Node::pid_directory));
  EXPECT_THAT(node.log.warnings(), IsEmpty());
}

TEST(Stop, LeavesTheDirectoryOfAPidFileThatTheUserNamed) {
  Node node;
  node.files.put_directory("/run/kam");
  node.files.put("/run/kam/k.pid", {.content = "4711"});
  EXPECT_THAT(node.set("pidfile", "/run/kam/k.pid").run("stop"), succeeds());
  EXPECT_THAT(node.files.changes(), ElementsAre("remove_file /run/kam/k.pid"));
}

TEST(Stop, LeavesAFileThatIsNotAPidFileAndWarns) {
  const std::vector<testing::FakeFile> others = {
      {.content = std::string(65, 'x')},
      {.type = host::FileType::directory},
      {.type = host::FileType::fifo},
      {.type = host::FileType::other},
  };
  for (const auto& other : others) {
    Node node;
    node.files.put("/etc/precious", other);
    EXPECT_THAT(node.set("pidfile", "/etc/precious").run("stop"), succeeds());
    EXPECT_TRUE(node.files.has("/etc/precious"));
    EXPECT_THAT(node.log.warnings(), ElementsAre(HasSubstr("/etc/precious")));
  }
}

TEST(Stop, RemovesALinkInThePlaceOfThePidFileAndNotItsTarget) {
  Node node;
  node.files.put("/etc/precious", {.content = "1"});
  node.files.put_directory(Node::pid_directory);
  node.files.put(Node::pid_file,
                 {.type = host::FileType::symbolic_link, .target = "/etc/precious"});
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_TRUE(node.files.has("/etc/precious"));
  EXPECT_FALSE(node.files.has(Node::pid_file));
}

TEST(Stop, DeletesNothingThroughALinkInThePlaceOfTheDefaultDirectory) {
  Node node;
  node.files.put_directory("/srv");
  node.files.put(Node::pid_directory, {.type = host::FileType::symbolic_link, .target = "/srv"});
  node.files.put(Node::pid_file, {.content = "4711"});
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.files.changes(), IsEmpty());
  EXPECT_THAT(node.log.warnings(), ElementsAre(HasSubstr(Node::pid_file)));
}

TEST(Stop, SucceedsWithAWarningIfThePidFileCannotBeRemoved) {
  Node node;
  node.start_kamailio();
  node.files.spoil(Node::pid_file,
                   {.kind = host::ErrorKind::not_permitted, .text = Node::pid_file + ": denied"});
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.log.warnings(), Contains(HasSubstr(Node::pid_file)));
}

// Requirements of stop.

TEST(Stop, WorksWhileAllOtherParametersAreWrong) {
  Node node;
  node.start_kamailio();
  for (const std::string name : {"conffile", "monitoring_ip", "listen_address", "port", "proto",
                                 "sipsak", "kamctl", "kamctlrc", "stop_grace"}) {
    node.set(name, "nonsense");
  }
  node.set("extra_options", "'").set("kamuser", "a b").set("kamgroup", "a b");
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.processes.living(), IsEmpty());
}

TEST(Stop, WorksWithoutListenAddress) {
  Node node;
  node.start_kamailio();
  EXPECT_THAT(node.unset("listen_address").run("stop"), succeeds());
  EXPECT_THAT(node.processes.living(), IsEmpty());
}

// The cluster calls stop after a start that has rejected the parameters, and fences the node if
// stop fails.
TEST(Stop, SucceedsWithParametersThatNoInstanceCanHave) {
  for (const std::string name : {"binary", "pidfile"}) {
    Node node;
    node.start_kamailio();
    EXPECT_THAT(node.set(name, "nonsense").run("stop"), succeeds());
    EXPECT_THAT(node.processes.signals(), IsEmpty());
    EXPECT_THAT(node.log.warnings(), Contains(HasSubstr(name + "=nonsense")));
  }
}

// A failed stop gets the node fenced, and stop does not use the check level.
TEST(Stop, WorksWhateverTheCheckLevelIs) {
  for (const std::string level : {"0", "10", "deep"}) {
    Node node;
    node.start_kamailio();
    EXPECT_THAT(node.set_variable("OCF_CHECK_LEVEL", level).run("stop"), succeeds()) << level;
    EXPECT_THAT(node.processes.living(), IsEmpty()) << level;
  }
}

TEST(Stop, RunsNoProgram) {
  Node node;
  node.start_kamailio();
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.runner.ran(), IsEmpty());
  EXPECT_THAT(node.runner.launched(), IsEmpty());
}

// The process runs another program, and so is not this instance; but it has that PID file.
TEST(Stop, LeavesThePidFileOfAnotherServer) {
  Node node;
  auto other = Node::kamailio_process(500, 1);
  other.executable = "/opt/kamailio/sbin/kamailio";
  other.arguments.front() = other.executable;
  node.processes.add(other);
  node.put_pid_file("500\n");
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.processes.living(), Contains(500));
  EXPECT_THAT(node.files.changes(), IsEmpty());
}

TEST(Stop, SucceedsTwice) {
  Node node;
  node.start_kamailio();
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_THAT(node.run("stop"), succeeds());
}

}  // namespace
}  // namespace kamailio
