// Tests monitor and start with the agent's own probe, and which replies count as alive.

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

Node builtin_node() {
  Node node;
  node.set("probe", "builtin").set("kamctlrc", "");
  return node;
}

// With sipsak, and without kamctl, which the RPC socket replaces.
TEST(TheBuiltinProbe, RunsNoProgramAndWalksOverNoProcesses) {
  auto node = builtin_node();
  node.set("rpc", "unixd:" + Node::rpc_socket).check_level(20).start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.programs_run(), IsEmpty());
  EXPECT_EQ(node.processes.walks(), 0);
  EXPECT_EQ(node.network.open_conversations(), 0);
}

TEST(TheBuiltinProbe, NeedsNoSipsak) {
  auto node = builtin_node();
  node.uninstall(Node::sipsak);
  EXPECT_THAT(node.run("validate-all"), succeeds());
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.programs_run(), Not(Contains(Node::sipsak)));
}

TEST(TheBuiltinProbe, AsksOverEveryTransportOfProtoAtTheMonitoringAddress) {
  auto node = builtin_node();
  node.set("monitoring_ip", "::1").start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  ASSERT_EQ(node.network.sent().size(), 2U);
  EXPECT_EQ(node.network.sent()[0].to,
            (Endpoint{.kind = Endpoint::Kind::udp, .address = "::1", .port = 5060}));
  EXPECT_EQ(node.network.sent()[1].to,
            (Endpoint{.kind = Endpoint::Kind::tcp, .address = "::1", .port = 5060}));
  EXPECT_THAT(node.network.sent()[0].bytes, HasSubstr("OPTIONS sip:monitor@[::1]:5060 SIP/2.0"));
}

TEST(TheBuiltinProbe, AsksOnlyOverTheTransportOfProto) {
  auto node = builtin_node();
  node.set("proto", "conf_tcp").start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  ASSERT_EQ(node.network.sent().size(), 1U);
  EXPECT_EQ(node.network.sent()[0].to.kind, Endpoint::Kind::tcp);
}

TEST(TheBuiltinProbe, NamesTheTransportThatIsDeafAndTheReply) {
  auto node = builtin_node();
  node.answers(Endpoint::Kind::tcp, "").start_kamailio();
  EXPECT_THAT(node.run("monitor"),
              ends_with(ExitCode::generic_error,
                        AllOf(HasSubstr("OPTIONS sip:monitor@127.0.0.1:5060 over tcp: no answer "
                                        "within 15.0 s"),
                              Not(HasSubstr("over udp")))));
  node.answers(Endpoint::Kind::tcp, "503 Overloaded");
  EXPECT_THAT(
      node.run("monitor"),
      ends_with(ExitCode::generic_error,
                HasSubstr("over tcp: expected a 200 reply, got \"SIP/2.0 503 Overloaded\"")));
}

TEST(TheBuiltinProbe, WaitsForBothTransportsAtTheSameTime) {
  auto node = builtin_node();
  node.mood(Mood::is_silent).set("probe_timeout", "2s").start_kamailio();
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::generic_error,
                                             AllOf(HasSubstr("over udp"), HasSubstr("over tcp"))));
  EXPECT_EQ(node.elapsed(), 2s);
}

TEST(TheBuiltinProbe, FailsAtOnceIfNobodyListens) {
  auto node = builtin_node();
  node.mood(Mood::is_not_up).start_kamailio();
  EXPECT_THAT(node.run("monitor"),
              ends_with(ExitCode::generic_error, HasSubstr("Connection refused")));
  EXPECT_EQ(node.elapsed(), 0s);
}

TEST(TheBuiltinProbe, AcceptsTheRepliesOfProbeAccept) {
  auto node = builtin_node();
  node.mood(Mood::rejects).start_kamailio();
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::generic_error, HasSubstr("404 Not here")));
  EXPECT_THAT(node.set("probe_accept", "2xx,404").run("monitor"), succeeds());
  EXPECT_THAT(node.set("probe_accept", "2xx,503").run("monitor"),
              ends_with(ExitCode::generic_error, HasSubstr("expected a 2xx,503 reply")));
}

TEST(TheBuiltinProbe, AsksForTheUriOfTheUser) {
  auto node = builtin_node();
  node.set("probe_uri", "sip:ping@example.com").start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.network.sent()[0].bytes, HasSubstr("OPTIONS sip:ping@example.com SIP/2.0\r\n"));
  EXPECT_THAT(node.mood(Mood::rejects).run("monitor"),
              ends_with(ExitCode::generic_error,
                        HasSubstr("OPTIONS sip:ping@example.com over udp to 127.0.0.1:5060:")));
}

TEST(TheBuiltinProbe, LeavesKamctlToItsParameter) {
  Node node;
  node.set("probe", "builtin").start_kamailio();
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.programs_run(), ElementsAre(Node::kamctl));
}

TEST(TheBuiltinProbe, RunsNoToolsWithoutTimeAfterAFailedCheck) {
  Node node;
  node.set("probe", "builtin").mood(Mood::is_silent).set("probe_timeout", "2s").start_kamailio();
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::generic_error, HasSubstr("OPTIONS")));
  EXPECT_THAT(node.programs_run(), IsEmpty());
  EXPECT_EQ(node.elapsed(), 2s);
}

TEST(TheBuiltinProbe, StillReportsAToolThatIsMissing) {
  Node node;
  node.set("probe", "builtin").uninstall(Node::kamctl).mood(Mood::is_silent).start_kamailio();
  EXPECT_THAT(node.run("monitor"),
              ends_with(ExitCode::not_installed, AllOf(HasSubstr("kamctl"), HasSubstr("OPTIONS"))));
}

TEST(TheBuiltinProbe, SeesThatAServerHasEndedMeanwhile) {
  auto node = builtin_node();
  node.mood(Mood::is_silent).start_kamailio();
  node.clock.in(1s, [&] { node.end_all_processes(); });
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::not_running, _));
}

TEST(TheBuiltinProbe, AsksAServerAgainThatWasRestartedMeanwhile) {
  auto node = builtin_node();
  node.answers(Endpoint::Kind::tcp, "503 Going down").start_kamailio();
  node.clock.in(500us, [&] {
    node.end_all_processes();
    node.answers(Endpoint::Kind::tcp, "200 OK").start_kamailio();
  });
  EXPECT_THAT(node.run("monitor"), succeeds());
}

TEST(TheBuiltinProbe, WaitsInAStartUntilTheServerIsHealthy) {
  auto node = builtin_node();
  node.mood(Mood::is_not_up).mood_after(3s, Mood::answers);
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_GE(node.elapsed(), 3s);
  EXPECT_LT(node.elapsed(), 4s);
}

// Otherwise a monitor would fail for a server that start has accepted.
TEST(TheBuiltinProbe, HasNoMoreTimeInAStartThanInAMonitor) {
  auto node = builtin_node();
  node.set("probe_timeout", "200ms").mood(Mood::is_silent).mood_after(3s, Mood::answers);
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_GE(node.elapsed(), 3s);
  EXPECT_LT(node.elapsed(), 4s);
}

TEST(TheBuiltinProbe, GivesTheLastCheckOfAStartThatFailsItsTime) {
  for (const auto timeout : {2s, 10s, 60s}) {
    auto node = builtin_node();
    node.mood(Mood::is_silent).timeout(timeout);
    const auto outcome = node.run("start");
    EXPECT_THAT(outcome, ends_with(ExitCode::generic_error, HasSubstr("no answer within")));
    for (const auto* instant : {"within 0 ms", "within 1 ms", "within 50 ms"}) {
      EXPECT_THAT(outcome.reason, Not(HasSubstr(instant))) << timeout.count();
    }
  }
}

TEST(ProbeTimeout, CountsForTheToolsToo) {
  Node node;
  node.set("probe_timeout", "2s").mood(Mood::is_silent).start_kamailio();
  EXPECT_THAT(node.run("monitor"),
              ends_with(ExitCode::generic_error, HasSubstr("no answer within 2.0 s")));
  EXPECT_EQ(node.elapsed(), 2s);
}

TEST(ProbeTimeout, LeavesTimeToReport) {
  auto node = builtin_node();
  node.set("probe_timeout", "1h").mood(Mood::is_silent).start_kamailio();
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::generic_error, HasSubstr("no answer")));
  EXPECT_EQ(node.elapsed(), 28s);
}

TEST(ProbeAccept, CountsForSipsakToo) {
  Node node;
  node.mood(Mood::rejects).start_kamailio();
  EXPECT_THAT(node.run("monitor"),
              ends_with(ExitCode::generic_error, HasSubstr("expected a 200 or another 2xx reply")));
  EXPECT_THAT(node.set("probe_accept", "200,404").run("monitor"), succeeds());
  EXPECT_THAT(node.mood(Mood::answers).set("probe_accept", "404").run("monitor"),
              ends_with(ExitCode::generic_error,
                        AllOf(HasSubstr("expected a 404 reply"), HasSubstr("200 Kamailio"))));
}

// sipsak cannot handle challenges, and prints them on standard error.
TEST(ProbeAccept, MayBeAChallengeWithSipsak) {
  for (const auto* reply : {"SIP/2.0 401 Unauthorized", "SIP/2.0 407 Proxy first"}) {
    Node node;
    node.start_kamailio();
    node.runner.helper(Node::sipsak, [reply](const auto&) -> testing::Performance {
      return {.result = host::Exited{
                  .code = 2,
                  .output = {.out = "",
                             .err = "request:\nOPTIONS sip:m@127.0.0.1 SIP/2.0\r\n\nresponse:\n" +
                                    std::string(reply) + "\r\n\nerror: authorization failed\n"}}};
    });
    EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::generic_error, HasSubstr(reply)));
    EXPECT_THAT(node.set("probe_accept", "any").run("monitor"), succeeds()) << reply;
  }
}

TEST(ProbeAccept, WithARedirectKeepsSipsakFromFollowingIt) {
  Node node;
  node.start_kamailio();
  EXPECT_THAT(node.set("probe_accept", "2xx,302").run("monitor"), succeeds());
  EXPECT_THAT(node.runner.ran().back().arguments, Contains("--ignore-redirects"));
  EXPECT_THAT(node.set("probe_accept", "2xx,404").run("monitor"), succeeds());
  EXPECT_THAT(node.runner.ran().back().arguments, Not(Contains("--ignore-redirects")));
}

}  // namespace
}  // namespace kamailio
