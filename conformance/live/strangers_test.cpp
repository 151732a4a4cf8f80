// Attacks by other users of the node: imitating the server, answering for it, sharing its port.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"
#include "conformance/live/responder.h"
#include "conformance/live/stranger.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace live {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Impostor : public ::testing::Test {
 protected:
  void expect_untouched(const std::vector<int>& pids) const {
    for (const int pid : pids) {
      EXPECT_TRUE(lives(pid)) << pid;
      EXPECT_THAT(node::pending_signals(pid), IsEmpty()) << pid;
    }
  }

  // NOLINTNEXTLINE: GoogleTest's way
  const cluster::Resource resource_ = make_resource_of_kamailio("p_kam", 5060);
};

TEST_F(Impostor, IsNoServerWhateverAnswersForIt) {
  const auto pids = start_impostors(resource_, 1);
  const Responder responder(5060, [](std::string_view request) {
    return std::vector<Act>{{.bytes = response_to(request, "200 Kamailio is alive")}};
  });
  EXPECT_THAT(agent().run(resource_, {.action = "monitor"}), is_not_running());
  EXPECT_THAT(agent().run(resource_, {.action = "monitor", .check_level = 0}), is_not_running());
  EXPECT_THAT(agent().run(resource_, {.action = "stop"}), succeeds());
  expect_untouched(pids);
}

TEST_F(Impostor, DoesNotDisturbStartMonitorAndStop) {
  const auto pids = start_impostors(resource_, 3);
  ASSERT_THAT(agent().run(resource_, {.action = "start"}), succeeds());
  EXPECT_TRUE(lives(std::stoi(read_file(pid_file_of(resource_)))));
  EXPECT_THAT(agent().run(resource_, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource_, {.action = "stop"}), succeeds());
  expect_untouched(pids);
}

// A user can start su(1), which runs as root, with any arguments.
TEST_F(Impostor, IsASetuidProgramOfAnotherUser) {
  const auto pids = start_impostors(resource_, 1, Setuid::yes);
  ASSERT_THAT(read_file("/proc/" + std::to_string(pids.front()) + "/status"),
              HasSubstr("\nUid:\t65534\t0\t0\t0\n"));
  EXPECT_THAT(agent().run(resource_, {.action = "monitor"}), is_not_running());
  EXPECT_THAT(agent().run(resource_, {.action = "stop"}), succeeds());
  expect_untouched(pids);
}

TEST_F(Impostor, IsAConfigurationCheckOfTheAdministrator) {
  ASSERT_EQ(run_program({"mkfifo", "/tmp/gate"}), 0);
  write_file("/tmp/endless.cfg", "#!KAMAILIO\ninclude_file \"/tmp/gate\"\n");
  const int check = start_program(
      {"/usr/sbin/kamailio", "-c", "-P", pid_file_of(resource_), "-f", "/tmp/endless.cfg"});
  ASSERT_TRUE(eventually([&] { return arguments_of(check).size() == 6; }));
  EXPECT_THAT(agent().run(resource_, {.action = "monitor"}), is_not_running());
  EXPECT_THAT(agent().run(resource_, {.action = "stop"}), succeeds());
  expect_untouched({check});
  ::kill(check, SIGKILL);
}

// sipsak accepts any data on its port as the reply.
TEST(SprayedAnswers, DoNotMakeAFrozenServerHealthy) {
  const auto resource = make_resource_of_kamailio("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  signal_all(resource, SIGSTOP);
  const Stranger sprayer(
      "nobody", [] {}, [] { spray_responses(5060); });
  ASSERT_EQ(run_program({"sipsak", "-H", "127.0.0.1", "-s", "sip:monitor@127.0.0.1:5060"}), 0)
      << "the spray does not reach it, so that this would prove nothing";
  for (int round = 0; round < 4; ++round) {
    EXPECT_THAT(agent().run(resource, {.action = "monitor", .timeout = std::chrono::seconds(10)}),
                fails(1, HasSubstr("OPTIONS")));
  }
}

// Of two sockets at one address the newer one receives datagrams: first the rival's, then the
// server's.
TEST(RivalOfTheUdpPort, IsNamed) {
  const auto resource = make_resource_of_kamailio("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  Stranger rival("nobody", [] { share_udp_port(5060); });
  // Its PID is searched for 50 ms, and omitted if it is not found by then.
  const auto names_it = ContainsRegex("UDP port 5060 is also bound by (a process|process " +
                                      std::to_string(rival.pid()) + ") of uid 65534");
  EXPECT_THAT(agent().run(resource, {.action = "monitor", .timeout = std::chrono::seconds(8)}),
              fails(1, names_it));
  ASSERT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_TRUE(lives(rival.pid()));
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), fails(190, names_it));
  rival.end();
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
}

TEST(RivalOfTheUdpPort, IsNamedThoughItHasLeft) {
  const auto resource = make_resource_of_kamailio("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  Stranger rival("nobody", [] { share_udp_port(5060); });
  const auto leaves = std::async(std::launch::async, [&rival] {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    rival.end();
  });
  // The server receives a repeated request.
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}),
              fails(190, HasSubstr("UDP port 5060 is also bound by")));
}

// The agent probes 127.0.0.1, and callers use listen_address.
TEST(RivalOfTheUdpPort, IsNamedAtAnAddressThatIsNotProbed) {
  const auto resource =
      make_resource_of_kamailio("p_kam", 5060).with("listen_address", "127.0.0.2");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  const Stranger rival("nobody", [] { share_udp_port(5060, "127.0.0.2"); });
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}),
              fails(190, HasSubstr("UDP port 5060 is also bound by")));
}

}  // namespace
}  // namespace live
