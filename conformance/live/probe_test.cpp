// What the agent's own probe can do and sipsak cannot. All else is tested with both.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"
#include "conformance/live/responder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace live {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

cluster::Resource with_builtin(const cluster::Resource& resource) {
  return resource.with("probe", "builtin");
}

TEST(ProbeBuiltin, GivesAnIpv6InstanceAWholeLife) {
  const auto resource = with_builtin(make_resource("p_kam", 5060))
                            .with("listen_address", "::1")
                            .with("monitoring_ip", "::1");
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), is_not_running());
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  signal_all(resource, SIGSTOP);
  EXPECT_THAT(
      agent().run(resource.with("probe_timeout", "300ms"), {.action = "monitor"}),
      fails(1, AllOf(HasSubstr("OPTIONS sip:monitor@[::1]:5060 over udp"), HasSubstr("over tcp"))));
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(ProbeBuiltin, AsksForTheUriOfTheUser) {
  auto resource = with_builtin(make_resource("p_kam", 5060, {.answers_options = false}));
  add_to_route("/etc/kamailio/p_kam.cfg",
               R"(if ($ru == "sip:ping@example.com") { sl_send_reply("202", "Here"); exit; })");
  resource = resource.with("probe_uri", "sip:ping@example.com");
  EXPECT_THAT(agent().run(resource, {.action = "start", .timeout = 2s}),
              fails(1, HasSubstr("202 Here")));
  EXPECT_THAT(agent().run(resource.with("probe_accept", "2xx"), {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
}

TEST(ProbeBuiltin, StartsNoProcessAndListsNoDirectory) {
  const auto resource = with_builtin(make_resource("p_kam", 5060));
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  std::string trace;
  std::vector<std::string> command = {
      "strace", "-f", "-qq", "-e", "trace=clone,clone3,fork,vfork,execve,getdents64", "env"};
  for (const auto& [name, value] : resource.parameters) {
    command.push_back("OCF_RESKEY_" + name + "=" + value);
  }
  command.insert(command.end(), {"OCF_RESOURCE_INSTANCE=p_kam", agent().agent(), "monitor"});
  ASSERT_EQ(run_program(command, &trace), 0) << trace;
  // strace sees env become the agent.
  EXPECT_THAT(trace, HasSubstr("execve(\"" + agent().agent()));
  EXPECT_THAT(trace, Not(HasSubstr("clone(")));
  EXPECT_THAT(trace, Not(HasSubstr("clone3(")));
  EXPECT_THAT(trace, Not(HasSubstr("fork(")));
  EXPECT_THAT(trace, Not(HasSubstr("getdents64(")));
}

// One that speaks without end is not allowed to keep the agent beyond its time.
TEST(ProbeOfAFlood, IsReportedInTime) {
  for (const std::string flood : {"x\n\n", "SIP/2.0 200 OK\r\n\r\n"}) {
    std::filesystem::remove("/tmp/ready");
    std::string much;
    while (much.size() < 1'000'000) {
      much += flood;
    }
    const auto resource = with_builtin(make_resource("p_kam", 5060))
                              .with("proto", "tcp")
                              .with("probe_timeout", "300ms");
    const int main = start_look_alike(resource, "touch /tmp/ready; while true; do sleep 1; done");
    std::filesystem::create_directories("/run/kamailio_p_kam");
    write_file(pid_file_of(resource), std::to_string(main) + "\n");
    const Responder responder(
        5060, [&](std::string_view) { return std::vector<Act>(200, Act{.bytes = much}); });
    const auto result = agent().run(resource, {.action = "monitor", .timeout = 5s});
    EXPECT_THAT(result, fails(1, HasSubstr("no SIP response")));
    EXPECT_LT(result.took, 2s);
    ::kill(main, SIGKILL);
  }
}

// A server that is frozen, over each transport alone and both. The kernel still completes its TCP
// connections.
class ProbeFrozen : public ::testing::TestWithParam<const char*> {};

TEST_P(ProbeFrozen, IsReportedWithinTheProbeTimeoutAndFiftyMilliseconds) {
  constexpr auto timeout = 300ms;
  const auto resource = with_builtin(make_resource("p_kam", 5060))
                            .with("proto", GetParam())
                            .with("probe_timeout", "300ms");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  signal_all(resource, SIGSTOP);
  // The quickest of some: what else runs on this machine is not to be measured.
  auto quickest = 1h / 1ms * 1ms;
  for (int turn = 0; turn < 5; ++turn) {
    const auto result = agent().run(resource, {.action = "monitor"});
    EXPECT_THAT(result, fails(1, HasSubstr("no answer within")));
    EXPECT_GE(result.took, timeout);
    quickest = std::min(quickest, result.took);
  }
  EXPECT_LE(quickest, timeout + 50ms);
}

INSTANTIATE_TEST_SUITE_P(Proto, ProbeFrozen, ::testing::Values("udp", "tcp", "udptcp"),
                         [](const auto& tested) { return std::string(tested.param); });

// Frozen with so many connections waiting that the kernel takes no more.
TEST(ProbeOfAFullQueue, IsReportedByTheConnectionIfTheKernelTakesNoMore) {
  write_file("/proc/sys/net/core/somaxconn", "1");  // of this node alone
  const auto resource = with_builtin(make_resource("p_kam", 5060))
                            .with("proto", "tcp")
                            .with("probe_timeout", "400ms");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  signal_all(resource, SIGSTOP);
  cluster::Result result;
  for (int turn = 0; turn < 10 && result.reason.find("no connection") == std::string::npos;
       ++turn) {
    start_program({"bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/5060; sleep 60"});
    result = agent().run(resource, {.action = "monitor"});
  }
  EXPECT_THAT(result, fails(1, HasSubstr("over tcp: no connection within")));
}

}  // namespace
}  // namespace live
