// The RPC socket in health checks, and check level 20.

#include "agent/kamailio/testing/node.h"
#include "agent/ocf/testing/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace kamailio {
namespace {

using namespace std::chrono_literals;
using host::Endpoint;
using host::Level;
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
using ::testing::SizeIs;

Node rpc_node() {
  Node node;
  node.set("rpc", "unixd:" + Node::rpc_socket);
  return node;
}

TEST(TheRpcSocket, ReplacesKamctl) {
  auto node = rpc_node();
  node.start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.programs_run(), ElementsAre(Node::sipsak, Node::sipsak));
}

TEST(TheRpcSocket, IsCheckedBesideKamctlIfBothAreSet) {
  auto node = rpc_node();
  node.set("kamctlrc", Node::kamctlrc).start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.programs_run(), ElementsAre(Node::kamctl, Node::sipsak, Node::sipsak));
}

TEST(TheRpcSocket, HasToAnswer) {
  auto node = rpc_node();
  node.mood(Mood::is_silent).set("probe_timeout", "2s").start_kamailio();
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::generic_error,
                                             HasSubstr("rpc=unixd:" + Node::rpc_socket +
                                                       ": core.uptime: no answer within 1.5 s")));
  EXPECT_EQ(node.elapsed(), 2s);
}

TEST(TheRpcSocket, IsNoReasonToInterruptCallsIfItDoesNotExist) {
  auto node = rpc_node();
  node.set("rpc", "unixs:/run/kamailio/missing").start_kamailio();
  EXPECT_THAT(node.run("monitor"),
              ends_with(ExitCode::degraded, AllOf(HasSubstr("rpc=unixs:/run/kamailio/missing"),
                                                  HasSubstr("No such file or directory"))));
}

TEST(TheRpcSocket, HasToKnowTheUptime) {
  auto node = rpc_node();
  node.refuses_rpc("core.uptime", "Method Not Found").start_kamailio();
  EXPECT_THAT(node.run("monitor"),
              ends_with(ExitCode::degraded, HasSubstr("core.uptime: 500 Method Not Found")));
}

// An instance with a copied configuration takes the socket from the original one, which must not be
// restarted for that.
TEST(TheRpcSocket, OfAnotherInstanceIsNoReasonToInterruptCalls) {
  auto node = rpc_node();
  node.answers_rpc("core.psx", R"([{"PID":31,"DSC":"main process - attendant"}])");
  const int main = node.start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.check_level(20).run("monitor"),
              ends_with(ExitCode::degraded,
                        AllOf(HasSubstr("process 31"),
                              HasSubstr("this instance (process " + std::to_string(main)),
                              HasSubstr("RPC socket of its own"))));
}

TEST(TheRpcSocket, OfAnotherInstanceIsNoReasonToRefuseAStart) {
  auto node = rpc_node();
  node.answers_rpc("core.psx", R"([{"PID":31,"DSC":"main process - attendant"}])");
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_THAT(node.log.warnings(), Contains(HasSubstr("RPC socket of its own")));
  EXPECT_LT(node.elapsed(), 3s);
}

TEST(TheRpcSocket, MayOmitItsProcesses) {
  auto node = rpc_node();
  node.refuses_rpc("core.psx", "No").check_level(20).start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.log.warnings(), ElementsAre(HasSubstr("core.psx: 500 No")));
}

TEST(TheRpcSocket, IsAskedForTheUptimeAloneWithoutDepth) {
  auto node = rpc_node();
  node.start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  std::vector<std::string> calls;
  for (const auto& sent : node.network.sent()) {
    if (sent.bytes.find("jsonrpc") != std::string::npos) {
      calls.push_back(sent.bytes);
    }
  }
  EXPECT_THAT(calls, ElementsAre(HasSubstr("core.uptime")));
}

// A server with thousands of processes cannot list them in one datagram; it is healthy
// nevertheless.
TEST(TheRpcSocket, MayReplyOnlyWithTheUptime) {
  auto node = rpc_node();
  node.set("probe_timeout", "2s").answers_rpc("core.psx", "garbage").check_level(20);
  node.start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.log.warnings(), Contains(HasSubstr("core.psx: no answer within 1.5 s")));
}

// A reply over RPC says nothing about SIP.
TEST(TheRpcSocket, DoesNotReplaceSipsakHoweverShortTheTime) {
  auto node = rpc_node();
  node.set("probe_timeout", "50ms").mood(Mood::answers).start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.programs_run(), ElementsAre(Node::sipsak, Node::sipsak));
}

TEST(TheRpcSocket, ThatIsWrongDoesNotHideWhatSipsakFinds) {
  auto node = rpc_node();
  node.set("rpc", "unixs:/run/kamailio/missing").mood(Mood::rejects).start_kamailio();
  EXPECT_THAT(node.run("monitor"),
              ends_with(ExitCode::generic_error,
                        AllOf(HasSubstr("/run/kamailio/missing"), HasSubstr("404 Not here"))));
}

TEST(AnAnswer, IsLoggedForAManualMonitorAndNotForARecurringOne) {
  auto node = rpc_node();
  node.set("probe", "builtin").set("probe_accept", "any").mood(Mood::rejects).start_kamailio();
  const std::string udp = "OPTIONS sip:monitor@127.0.0.1:5060 over udp: SIP/2.0 404 Not here";
  const std::string tcp = "OPTIONS sip:monitor@127.0.0.1:5060 over tcp: SIP/2.0 404 Not here";
  const std::string uptime = "up for 90 s, since Mon Nov 23 10:00:00 2026";
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.log.of(Level::info), ElementsAre(udp, tcp, uptime));
  EXPECT_THAT(node.log.of(Level::debug), IsEmpty());
  EXPECT_THAT(node.set("CRM_meta_interval", "10000").run("monitor"), succeeds());
  EXPECT_THAT(node.log.of(Level::info), SizeIs(3));
  EXPECT_THAT(node.log.of(Level::debug), ElementsAre(udp, tcp, uptime));
}

TEST(AnAnswer, OfTheToolsIsLoggedForAManualMonitorToo) {
  Node node;
  node.start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.log.of(Level::info),
              AllOf(Contains(AllOf(HasSubstr("kamctl monitor 1: "), HasSubstr("since"))),
                    Contains("OPTIONS sip:monitor@127.0.0.1:5060 over udp: SIP/2.0 200 Kamailio is "
                             "alive")));
}

TEST(TheUptime, IsLoggedByAStart) {
  auto node = rpc_node();
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_THAT(node.log.of(Level::info), Contains(HasSubstr("started, up for 90 s")));
}

TEST(CheckLevel20, FindsAHealthyServerHealthy) {
  auto node = rpc_node();
  node.check_level(20).start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.log.warnings(), IsEmpty());
}

TEST(CheckLevel20, IsCheckLevel10WithoutAnRpcSocket) {
  Node node;
  node.check_level(20).start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.log.warnings(), IsEmpty());
}

TEST(CheckLevel20, SeesAWorkerThatIsMissing) {
  auto node = rpc_node();
  const int main = node.start_kamailio();
  node.processes.end(main + 2);
  EXPECT_THAT(node.check_level(20).run("monitor"),
              ends_with(ExitCode::degraded,
                        HasSubstr("process " + std::to_string(main + 2) + " (worker) is missing")));
  EXPECT_THAT(node.check_level(10).run("monitor"), succeeds());
}

TEST(CheckLevel20, SeesAWorkerThatIsAZombie) {
  auto node = rpc_node();
  const int main = node.start_kamailio();
  node.processes.change_state(main + 1, host::ProcessState::zombie);
  EXPECT_THAT(node.check_level(20).run("monitor"),
              ends_with(ExitCode::degraded, HasSubstr("is missing")));
}

TEST(CheckLevel20, SeesAWorkerThatIsStopped) {
  auto node = rpc_node();
  const int main = node.start_kamailio();
  node.stop_by_signal({main + 1});
  EXPECT_THAT(node.check_level(20).run("monitor"),
              ends_with(ExitCode::degraded, HasSubstr("is stopped")));
}

TEST(CheckLevel20, SeesAWorkerWhosePidWasReused) {
  auto node = rpc_node();
  const int main = node.start_kamailio();
  node.processes.end(main + 1);
  node.processes.add({.id = {.pid = main + 1, .start_time = 9}, .arguments = {"/usr/sbin/cron"}});
  EXPECT_THAT(node.check_level(20).run("monitor"),
              ends_with(ExitCode::degraded, HasSubstr("is missing")));
}

TEST(CheckLevel20, SkipsAProcessThatIsAboutToBeForked) {
  auto node = rpc_node();
  const int main = node.start_kamailio();
  node.answers_rpc("core.psx", R"([{"PID":)" + std::to_string(main) +
                                   R"(,"DSC":"main"},{"PID":0,"DSC":"new"}])");
  EXPECT_THAT(node.check_level(20).run("monitor"), succeeds());
}

TEST(CheckLevel20, SeesThatSharedMemoryRunsOut) {
  auto node = rpc_node();
  node.answers_rpc("core.shmmem", R"({"total":65536,"free":1900})").start_kamailio();
  EXPECT_THAT(node.check_level(20).run("monitor"),
              ends_with(ExitCode::degraded, HasSubstr("only 2 % of shared memory is free")));
  EXPECT_THAT(node.check_level(10).run("monitor"), succeeds());
}

TEST(CheckLevel20, DoesNotWaitForTheEndOfAServerBeyondItsTime) {
  Node node;
  node.set("probe", "builtin").set("kamctlrc", "");
  node.set("rpc", "unixd:" + Node::rpc_socket).set("probe_timeout", "800ms").timeout(1s);
  const int main = node.answers(Endpoint::Kind::tcp, "").start_kamailio();
  node.processes.end(main + 1);
  EXPECT_THAT(node.check_level(20).run("monitor"),
              ends_with(ExitCode::generic_error, HasSubstr("over tcp")));
  EXPECT_EQ(node.elapsed(), 800ms);
}

TEST(CheckLevel20, WarnsOfMissingDetails) {
  auto node = rpc_node();
  node.refuses_rpc("core.shmmem", "No").start_kamailio();
  EXPECT_THAT(node.check_level(20).run("monitor"), succeeds());
  EXPECT_THAT(node.log.warnings(), ElementsAre(HasSubstr("core.shmmem: 500 No")));
}

// Kamailio takes a moment to notice that one of its processes has died, and then ends.
TEST(CheckLevel20, LooksTwiceBeforeItMissesAWorkerOfAServerThatEnds) {
  auto node = rpc_node();
  const int main = node.start_kamailio();
  node.processes.end(main + 1);
  node.clock.in(150ms, [&] { node.end_all_processes(); });
  EXPECT_THAT(node.check_level(20).run("monitor"), ends_with(ExitCode::not_running, _));
}

}  // namespace
}  // namespace kamailio
