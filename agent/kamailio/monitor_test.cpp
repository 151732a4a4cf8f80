// The actions are tested as the cluster calls them, on a node in memory.

#include "agent/kamailio/testing/node.h"
#include "agent/ocf/testing/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace kamailio {
namespace {

using namespace std::chrono_literals;
using ocf::ExitCode;
using ocf::testing::ends_with;
using ocf::testing::succeeds;
using testing::Node;
using Mood = Node::Mood;
using ::testing::_;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Monitor, FindsAHealthyServerRunning) {
  Node node;
  node.start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.log.warnings(), IsEmpty());
}

TEST(Monitor, FindsNothingRunningWhereNothingRuns) {
  Node node;
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::not_running, HasSubstr("not running")));
}

TEST(Monitor, FindsNothingRunningOnANodeWithoutKamailio) {
  Node node;
  node.uninstall_everything();
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::not_running, _));
  EXPECT_THAT(node.runner.ran(), IsEmpty());
}

TEST(Monitor, FindsNothingRunningIfAllWereKilledAndThePidFileIsLeft) {
  Node node;
  node.start_kamailio();
  node.end_all_processes();
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::not_running, HasSubstr(Node::pid_file)));
}

TEST(Monitor, FindsNothingRunningIfThePidWasReused) {
  Node node;
  node.processes.add({.id = {.pid = 4711, .start_time = 1}, .arguments = {"/usr/sbin/cron"}});
  node.put_pid_file("4711\n");
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::not_running, _));
}

TEST(Monitor, FindsNothingRunningIfOnlyAZombieIsLeft) {
  Node node;
  const int pid = node.start_process(1);
  node.put_pid_file(std::to_string(pid));
  node.processes.change_state(pid, host::ProcessState::zombie);
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::not_running, _));
}

// For the cluster 7 means that it may start the instance on another node.
TEST(Monitor, NeverSaysNotRunningWhileAProcessLives) {
  struct Situation {
    std::string name;
    std::function<void(Node&)> happens;
  };
  const std::vector<Situation> situations = {
      {"silent", [](Node& node) { node.mood(Mood::is_silent).start_kamailio(); }},
      {"not up", [](Node& node) { node.mood(Mood::is_not_up).start_kamailio(); }},
      {"rejects", [](Node& node) { node.mood(Mood::rejects).start_kamailio(); }},
      {"stopped",
       [](Node& node) {
         node.start_kamailio();
         node.stop_by_signal(node.processes.living());
       }},
      {"orphans", [](Node& node) { node.start_orphans(); }},
      {"one process, no PID file", [](Node& node) { node.start_process(1); }},
      {"no PID file",
       [](Node& node) {
         node.start_kamailio();
         node.files.take_away(Node::pid_file);
       }},
      {"PID file of another process",
       [](Node& node) {
         node.start_kamailio();
         node.put_pid_file("1");
       }},
      {"PID file cannot be read",
       [](Node& node) {
         node.start_kamailio();
         node.files.spoil(Node::pid_file, {.text = Node::pid_file + ": input/output error"});
       }},
      {"nothing is installed",
       [](Node& node) {
         node.start_kamailio();
         node.uninstall_everything();
       }},
      {"the tools may not run",
       [](Node& node) {
         node.start_kamailio();
         node.files.put(Node::sipsak);
         node.files.put(Node::kamctl);
       }},
      {"the process table cannot be read",
       [](Node& node) {
         node.start_kamailio();
         node.processes.become_unreadable({.text = "/proc: input/output error"});
       }},
  };
  for (const auto& [name, happens] : situations) {
    for (const int level : {0, 10}) {
      Node node;
      happens(node);
      EXPECT_NE(node.check_level(level).run("monitor").code, ExitCode::not_running)
          << name << ", level " << level;
    }
  }
}

TEST(Monitor, SaysThatTheProcessTableCannotBeRead) {
  Node node;
  node.processes.become_unreadable({.text = "/proc: not mounted"});
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::generic_error, HasSubstr("/proc")));
}

TEST(Monitor, ReportsAFrozenServerBeforeTheTimeout) {
  for (const auto timeout : {500ms, 3000ms, 10000ms, 30000ms, 60000ms}) {
    Node node;
    node.start_kamailio();
    node.stop_by_signal(node.processes.living());
    EXPECT_THAT(
        node.timeout(timeout).run("monitor"),
        ends_with(ExitCode::generic_error, AllOf(HasSubstr("no answer"), HasSubstr("is stopped"))));
    // A tool that ignores SIGTERM runs for 200 ms more.
    EXPECT_LT(node.elapsed() + 200ms, timeout);
  }
}

TEST(Monitor, ReportsAFrozenServerWithoutATimeoutWithinThatOfTheMetadata) {
  Node node;
  node.mood(Mood::is_silent).start_kamailio();
  EXPECT_THAT(node.no_timeout().run("monitor"), ends_with(ExitCode::generic_error, _));
  EXPECT_LT(node.elapsed(), 30s);
}

TEST(Monitor, SaysWhatTheServerReplied) {
  Node node;
  node.mood(Mood::rejects).start_kamailio();
  EXPECT_THAT(node.run("monitor"),
              ends_with(ExitCode::generic_error,
                        AllOf(HasSubstr("sip:monitor@127.0.0.1:5060"), HasSubstr("200"),
                              HasSubstr("SIP/2.0 404 Not here"))));
}

TEST(Monitor, SaysThatTheMainProcessIsGone) {
  Node node;
  node.start_orphans();
  EXPECT_THAT(node.run("monitor"),
              ends_with(ExitCode::generic_error,
                        AllOf(HasSubstr("main process"), HasSubstr("101"), HasSubstr("102"))));
}

TEST(Monitor, WarnsOfALostPidFileAndLetsTheCallsGoOn) {
  Node node;
  const int main = node.start_kamailio();
  node.files.take_away(Node::pid_file);
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.log.warnings(),
              ElementsAre(AllOf(HasSubstr(Node::pid_file), HasSubstr(std::to_string(main)))));
}

TEST(Monitor, WarnsOfAGarbledPidFileAndLetsTheCallsGoOn) {
  for (const std::string content : {"", "kamailio", "999"}) {
    Node node;
    node.start_kamailio();
    node.put_pid_file(content);
    EXPECT_THAT(node.run("monitor"), succeeds());
    EXPECT_THAT(node.log.warnings(), ElementsAre(HasSubstr(Node::pid_file))) << content;
  }
}

TEST(Monitor, SaysNotInstalledIfAToolIsMissing) {
  for (const auto& [parameter, path] : Node::tools) {
    Node node;
    node.start_kamailio();
    EXPECT_THAT(node.uninstall(path).run("monitor"),
                ends_with(ExitCode::not_installed, StartsWith(parameter + "=/")));
  }
}

TEST(Monitor, NeedsNoKamctlIfKamctlrcIsEmpty) {
  Node node;
  node.start_kamailio();
  node.uninstall(Node::kamctl).uninstall(Node::kamctlrc).set("kamctlrc", "");
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.programs_run(), Not(Contains(Node::kamctl)));
}

TEST(Monitor, SaysNotPermittedIfAToolMayNotRun) {
  Node node;
  node.start_kamailio();
  node.files.put(Node::sipsak);
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::not_permitted, HasSubstr("sipsak")));
}

TEST(Monitor, NeedsNeitherBinaryNorConfigurationFile) {
  Node node;
  node.start_kamailio();
  node.uninstall(Node::binary).uninstall(Node::conffile);
  EXPECT_THAT(node.run("monitor"), succeeds());
}

TEST(Monitor, AsksOverTheTransportsOfProto) {
  const auto transports_of = [](const std::string& proto) {
    Node node;
    node.start_kamailio();
    EXPECT_THAT(node.set("proto", proto).set("kamctlrc", "").run("monitor"), succeeds());
    std::vector<std::string> transports;
    for (const auto& command : node.runner.ran()) {
      transports.push_back(command.arguments.back());
    }
    return transports;
  };
  for (const std::string prefix : {"", "conf_"}) {
    EXPECT_THAT(transports_of(prefix + "udp"), ElementsAre("udp"));
    EXPECT_THAT(transports_of(prefix + "tcp"), ElementsAre("tcp"));
    EXPECT_THAT(transports_of(prefix + "udptcp"), ElementsAre("udp", "tcp"));
  }
}

TEST(Monitor, AsksAtMonitoringIpAndPort) {
  Node node;
  node.listens_at("192.0.2.7", 5080).start_kamailio();
  node.set("monitoring_ip", "192.0.2.7").set("port", "5080").set("kamctlrc", "");
  EXPECT_THAT(node.run("monitor"), succeeds());
  for (const auto& command : node.runner.ran()) {
    EXPECT_THAT(command.arguments, Contains("sip:monitor@192.0.2.7:5080"));
  }
}

TEST(Monitor, RunsItsToolsSideBySide) {
  Node node;
  node.start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.programs_run(), ElementsAre(Node::kamctl, Node::sipsak, Node::sipsak));
  EXPECT_EQ(node.elapsed(), 56ms);  // the slowest of them, and the agent's own question
}

TEST(Monitor, HasTheReplyFifoOfKamctlRemoved) {
  Node node;
  node.start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  for (const auto& command : node.runner.ran()) {
    const bool is_kamctl = command.arguments.front() == Node::kamctl;
    EXPECT_EQ(command.reply_fifo_prefix, is_kamctl ? "/tmp/kamailio_receiver_" : "");
  }
}

TEST(Monitor, WalksTheProcessTableOnlyIfThePidFileIsOfNoHelp) {
  Node node;
  node.start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_EQ(node.processes.walks(), 0);
}

TEST(Monitor, ChangesNothing) {
  for (const auto mood : {Mood::answers, Mood::rejects, Mood::is_silent, Mood::is_not_up}) {
    Node node;
    node.mood(mood).start_kamailio();
    const auto before = node.processes.living();
    (void)node.run("monitor");
    EXPECT_EQ(node.processes.living(), before);
    EXPECT_THAT(node.processes.signals(), IsEmpty());
    EXPECT_THAT(node.files.changes(), IsEmpty());
    EXPECT_THAT(node.runner.launched(), IsEmpty());
  }
}

TEST(Monitor, TakesAServerThatEndsMeanwhileForAnEndedOne) {
  Node node;
  node.mood(Mood::is_silent).start_kamailio();
  node.clock.in(100ms, [&] { node.end_all_processes(); });
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::not_running, _));
  EXPECT_EQ(node.elapsed(), 100ms);
}

TEST(Monitor, TakesAMainProcessThatDiesMeanwhileForAnError) {
  Node node;
  const int main = node.mood(Mood::is_silent).start_kamailio();
  node.clock.in(100ms, [&] { node.processes.end(main); });
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::generic_error, HasSubstr("main process")));
}

TEST(Monitor, AtLevel0LooksAtProcessesAlone) {
  Node node;
  node.mood(Mood::is_silent).start_kamailio();
  node.uninstall_everything();
  EXPECT_THAT(node.check_level(0).run("monitor"), succeeds());
  EXPECT_THAT(node.runner.ran(), IsEmpty());
}

TEST(Monitor, AtLevel0NoticesThatTheMainProcessIsGone) {
  Node node;
  node.start_orphans();
  EXPECT_THAT(node.check_level(0).run("monitor"), ends_with(ExitCode::generic_error, _));
}

TEST(Monitor, RefusesWrongParametersThatItReads) {
  Node node;
  EXPECT_THAT(node.set("port", "banana").set("proto", "sctp").run("monitor"),
              ends_with(ExitCode::not_configured,
                        AllOf(HasSubstr("port=banana"), HasSubstr("proto=sctp"))));
}

TEST(Monitor, DoesNotCareAboutParametersThatOnlyAStartReads) {
  Node node;
  node.start_kamailio();
  node.unset("listen_address").set("extra_options", "'").set("kamuser", "a b");
  EXPECT_THAT(node.run("monitor"), succeeds());
}

TEST(Status, IsAMonitor) {
  Node node;
  EXPECT_THAT(node.run("status"), ends_with(ExitCode::not_running, _));
  node.start_kamailio();
  EXPECT_THAT(node.run("status"), succeeds());
  EXPECT_THAT(node.programs_run(), ElementsAre(Node::kamctl, Node::sipsak, Node::sipsak));
}

// Another process that has bound the server's UDP port gets calls; a restart would not change that.
TEST(Monitor, IsDegradedIfAnotherProcessHasTheUdpPort) {
  Node node;
  node.start_kamailio();
  node.network.put_rivals(std::vector<host::Rival>{{.pid = 4000, .user = 65534}});
  EXPECT_THAT(
      node.run("monitor"),
      ends_with(ExitCode::degraded, AllOf(HasSubstr("UDP port 5060 is also bound by process 4000"),
                                          HasSubstr("uid 65534"))));
}

// Of two sockets at one port the newer one gets everything.
TEST(Monitor, TellsOfTheOtherProcessAtTheUdpPortIfTheServerDoesNotAnswer) {
  for (const auto& probe : {"sipsak", "builtin"}) {
    Node node;
    node.start_kamailio();
    node.mood(Mood::is_silent);
    node.network.put_rivals(std::vector<host::Rival>{{.pid = 4000, .user = 65534}});
    EXPECT_THAT(node.set("probe", probe).run("monitor"),
                ends_with(ExitCode::generic_error,
                          AllOf(HasSubstr("no answer"), HasSubstr("also bound by process 4000"))));
  }
}

TEST(Monitor, LooksForNoOtherOwnerOfTheUdpPortIfProtoIsTcp) {
  Node node;
  node.start_kamailio();
  node.network.put_rivals(std::vector<host::Rival>{{.pid = 4000, .user = 65534}});
  EXPECT_THAT(node.set("proto", "tcp").run("monitor"), succeeds());
}

TEST(Monitor, SucceedsIfTheOwnersOfTheUdpPortCannotBeFoundOut) {
  Node node;
  node.start_kamailio();
  node.network.put_rivals(
      tl::unexpected(host::Error{.text = "/proc/net/udp: Cannot allocate memory"}));
  EXPECT_THAT(node.run("monitor"), succeeds());
}

// sipsak accepts a SIP response from any sender.
TEST(Monitor, IsNotContentWithAReplyThatOnlySipsakGets) {
  Node node;
  node.start_kamailio();
  node.answers(host::Endpoint::Kind::udp, "");
  EXPECT_THAT(node.run("monitor"),
              ends_with(ExitCode::generic_error,
                        HasSubstr("sipsak got a reply, but not from this server: OPTIONS "
                                  "sip:monitor@127.0.0.1:5060 over udp")));
}

TEST(Monitor, GivesASlowServerTimeForTheSecondQuestion) {
  Node node;
  node.start_kamailio();
  node.runner.helper(Node::sipsak, [](const auto&) -> testing::Performance {
    return {.result = host::Exited{.output = {.out = "SIP/2.0 200 OK\r\n"}}, .takes = 1400ms};
  });
  node.answers_after(700ms).set("kamctlrc", "").set("probe_timeout", "1500ms");
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_EQ(node.elapsed(), 2100ms);
}

TEST(Monitor, LeavesItToSipsakWhatTheReplySays) {
  Node node;
  node.start_kamailio();
  node.answers(host::Endpoint::Kind::udp, "404 Not here");
  EXPECT_THAT(node.run("monitor"), succeeds());
}

}  // namespace
}  // namespace kamailio
