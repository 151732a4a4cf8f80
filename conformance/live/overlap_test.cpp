// Events during an action: a second action, by an administrator or a confused cluster; processes
// that appear or do not end; a port that another program holds.

#include "agent/posix/descriptor.h"
#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <future>

namespace live {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

bool is_over(const std::future<cluster::Result>& action) {
  return action.wait_for(0s) == std::future_status::ready;
}

TEST(Overlap, OfTwoStartsEndsWithOneHealthyServer) {
  const auto resource = make_resource("p_kam", 5060);
  for (int round = 0; round < 5; ++round) {
    auto one = run_in_background(resource, {.action = "start"});
    auto other = run_in_background(resource, {.action = "start"});
    EXPECT_THAT(one.get(), succeeds());
    EXPECT_THAT(other.get(), succeeds());
    // A Kamailio that cannot start beside another one removes that one's PID file at its end.
    EXPECT_THAT(agent().run(resource, {.action = "monitor"}),
                ::testing::AnyOf(succeeds(), fails(190, HasSubstr("PID file"))));
    if (const auto pid_file = read_file(pid_file_of(resource)); !pid_file.empty()) {
      EXPECT_EQ(std::stoi(pid_file), main_process_of(resource));
    }
    EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
    EXPECT_THAT(leftovers_of(resource), IsEmpty());
  }
}

TEST(Overlap, OfAStartWithALaunchThatIsUnderWayWaitsForIt) {
  const auto resource = make_resource("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  const auto command = arguments_of(main_process_of(resource));
  ASSERT_THAT(agent().run(resource, {.action = "stop"}), succeeds());

  // Kamailio blocks on its configuration until something is written to the gate.
  write_file("/etc/kamailio/p_kam.cfg", config_text({.listen = "include_file \"/tmp/gate\""}));
  ASSERT_EQ(run_program({"mkfifo", "/tmp/gate"}), 0);
  ASSERT_EQ(run_program({"mkdir", "/run/kamailio_p_kam"}), 0);
  start_program(command);
  ASSERT_TRUE(eventually([&] { return processes_of(resource).size() == 1; }));
  auto start = run_in_background(resource, {.action = "start"});
  EXPECT_EQ(start.wait_for(500ms), std::future_status::timeout);
  EXPECT_EQ(processes_of(resource).size(), 1U);
  write_file("/tmp/gate", "# go on\n");
  EXPECT_THAT(start.get(), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(Overlap, OfAMonitorWithAStopNeverSaysTooEarlyThatNothingRuns) {
  const auto resource = make_resource("p_kam", 5060);
  for (int round = 0; round < 5; ++round) {
    ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
    auto stop = run_in_background(resource, {.action = "stop"});
    while (!is_over(stop)) {
      const auto monitored = agent().run(resource, {.action = "monitor"});
      EXPECT_THAT(monitored.code, AnyOf(0, 1, 7)) << monitored.err;
      if (monitored.code == 7) {
        EXPECT_THAT(processes_of(resource), IsEmpty());
      }
    }
    EXPECT_THAT(stop.get(), succeeds());
    EXPECT_THAT(leftovers_of(resource), IsEmpty());
  }
}

TEST(Overlap, OfAMonitorWithAStopThatHasToWaitReportsWhatStillLives) {
  const auto resource = make_resource("p_kam", 5060).with("stop_grace", "1s");
  start_look_alike(resource, "trap '' TERM; touch /tmp/ready; while :; do sleep 0.05; done");
  auto stop = run_in_background(resource, {.action = "stop"});
  const auto monitored = agent().run(resource, {.action = "monitor"});
  ASSERT_FALSE(is_over(stop));
  EXPECT_EQ(monitored.code, 1) << monitored.err;
  EXPECT_THAT(stop.get(), succeeds());
}

TEST(Overlap, OfTwoStopsLetsBothSucceed) {
  const auto resource = make_resource("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  auto one = run_in_background(resource, {.action = "stop"});
  auto other = run_in_background(resource, {.action = "stop"});
  EXPECT_THAT(one.get(), succeeds());
  EXPECT_THAT(other.get(), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

// Kamailio loses a SIGTERM that arrives while it forks its processes, and nothing repeats it.
TEST(Stop, AsksAgainWhatHasLostTheFirstSigterm) {
  const auto resource = make_resource("p_kam", 5060);
  start_look_alike(resource,
                   "trap 'trap - TERM' TERM; touch /tmp/ready; while :; do sleep 0.05; done");
  const auto result = agent().run(resource, {.action = "stop", .timeout = 10s});
  EXPECT_THAT(result, succeeds());
  EXPECT_LT(result.took, 4s);
}

TEST(Stop, EndsWhatIsForkedMeanwhile) {
  const auto resource = make_resource("p_kam", 5060);
  start_look_alike(
      resource,
      "trap 'trap \"\" TERM; (trap - TERM; while :; do sleep 0.05; done) & sleep 1; exit' TERM;"
      " touch /tmp/ready; while :; do sleep 0.05; done");
  const auto result = agent().run(resource, {.action = "stop", .timeout = 60s});
  EXPECT_THAT(result, succeeds());
  EXPECT_LT(result.took, 10s);
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(Stop, EndsALaunchThatIsStillUnderWay) {
  const auto resource = make_resource("p_kam", 5060, {.listen = "include_file \"/tmp/gate\""});
  ASSERT_EQ(run_program({"mkfifo", "/tmp/gate"}), 0);
  auto start = run_in_background(resource, {.action = "start", .timeout = 20s});
  ASSERT_TRUE(eventually([&] { return processes_of(resource).size() == 1; }));
  const auto result = agent().run(resource, {.action = "stop"});
  EXPECT_THAT(result, succeeds());
  EXPECT_LT(result.took, 10s);
  EXPECT_NE(start.get().code, 0);
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

// A UDP port of 127.0.0.1 that another process holds exclusively, as Kamailio does.
posix::Descriptor occupy(std::uint16_t port) {
  posix::Descriptor holder(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {.sin_family = AF_INET,
                         .sin_port = htons(port),
                         .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
                         .sin_zero = {}};
  EXPECT_EQ(::bind(holder.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  return holder;
}

TEST(Start, FailsAtOnceWhenTheUdpPortIsTaken) {
  const auto resource = make_resource("p_kam", 5060);
  const auto holder = occupy(5060);
  const auto result = agent().run(resource, {.action = "start", .timeout = 60s});
  EXPECT_THAT(result, fails(1, AllOf(HasSubstr("UDP 127.0.0.1:5060 is in use by process"),
                                     HasSubstr("Address already in use"))));
  EXPECT_LT(result.took, 10s);
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

}  // namespace
}  // namespace live
