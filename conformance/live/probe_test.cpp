// Features of the built-in probe that sipsak lacks. All others are tested with both.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"
#include "conformance/live/responder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <map>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace live {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

cluster::Resource with_builtin(const cluster::Resource& resource) {
  return resource.with("probe", "builtin");
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
  // strace follows the exec of the agent by env.
  EXPECT_THAT(trace, HasSubstr("execve(\"" + agent().agent()));
  std::istringstream lines(trace);
  for (std::string line; std::getline(lines, line);) {
    const bool is_clone =
        line.find("clone(") != std::string::npos || line.find("clone3(") != std::string::npos;
    EXPECT_TRUE(!is_clone || line.find("CLONE_THREAD") != std::string::npos) << line;
  }
  EXPECT_THAT(trace, Not(HasSubstr("fork(")));
  EXPECT_THAT(trace, Not(HasSubstr("getdents64(")));
}

// A server that sends without end must not delay the agent beyond its time.
TEST(ProbeOfAFlood, IsReportedInTime) {
  // More MB than can be read in 300 ms, and few enough to be created quickly.
  constexpr std::size_t flood_size = 20;
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
        5060, [&](std::string_view) { return std::vector<Act>(flood_size, Act{.bytes = much}); });
    const auto result = agent().run(resource, {.action = "monitor", .timeout = 5s});
    EXPECT_THAT(result, fails(1, HasSubstr("messages that are not SIP responses")));
    EXPECT_LT(result.took, 4s);
    ::kill(main, SIGKILL);
  }
}

// The probe of a frozen server. The kernel still completes its connections.
struct Way {
  const char* name;
  std::map<std::string, std::string> parameters;

  friend void PrintTo(const Way& way, std::ostream* stream) { *stream << way.name; }  // NOLINT
};

class ProbeFrozen : public ::testing::TestWithParam<Way> {};

TEST_P(ProbeFrozen, IsReportedWithinTheProbeTimeoutAndFiftyMilliseconds) {
  constexpr auto timeout = 300ms;
  auto resource = with_builtin(make_resource("p_kam", 5060,
                                             {.dgram_socket = "/run/kamailio/dgram",
                                              .ctl_socket = "/run/kamailio/ctl"}))
                      .with("probe_timeout", "300ms");
  for (const auto& [name, value] : GetParam().parameters) {
    resource = resource.with(name, value);
  }
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  signal_all(resource, SIGSTOP);
  // The quickest of several runs, to exclude the influence of other programs.
  auto quickest = 1h / 1ms * 1ms;
  for (int turn = 0; turn < 5; ++turn) {
    const auto result = agent().run(resource, {.action = "monitor"});
    EXPECT_THAT(result, fails(1, HasSubstr("no answer within")));
    EXPECT_GE(result.took, timeout);
    quickest = std::min(quickest, result.took);
  }
  EXPECT_LE(quickest, timeout + 50ms);
}

INSTANTIATE_TEST_SUITE_P(Over, ProbeFrozen,
                         ::testing::Values(Way{"udp", {{"proto", "udp"}}},
                                           Way{"tcp", {{"proto", "tcp"}}},
                                           Way{"udptcp", {{"proto", "udptcp"}}},
                                           Way{"unixd", {{"rpc", "unixd:/run/kamailio/dgram"}}},
                                           Way{"unixs", {{"rpc", "unixs:/run/kamailio/ctl"}}}),
                         [](const auto& tested) { return std::string(tested.param.name); });

// A frozen server with a full queue of connections.
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
