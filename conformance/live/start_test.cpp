// Starts that succeed as fast as Kamailio, and starts that have to fail.

#include "agent/posix/descriptor.h"
#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>

namespace live {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A port of 127.0.0.1 in somebody else's hands.
posix::Descriptor occupy(int type, std::uint16_t port) {
  posix::Descriptor holder(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  sockaddr_in address = {.sin_family = AF_INET,
                         .sin_port = htons(port),
                         .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
                         .sin_zero = {}};
  EXPECT_EQ(::bind(holder.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  if (type == SOCK_STREAM) {
    EXPECT_EQ(::listen(holder.get(), 1), 0);
  }
  return holder;
}

void expect_that_stop_leaves_nothing(const cluster::Resource& resource) {
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

// Kamailio's own part is some 15 ms; an agent that waits in whole seconds takes two.
TEST(Start, OfAHealthyServerTakesWhatKamailioTakes) {
  const auto resource = make_resource("p_kam", 5060);
  const auto result = agent().run(resource, {.action = "start"});
  EXPECT_THAT(result, succeeds());
  EXPECT_LT(result.took, 1s);
}

TEST(Start, OfAServerThatRefusesTheHealthCheckFailsInTimeWithItsReply) {
  const auto resource = make_resource("p_kam", 5060, {.answers_options = false});
  EXPECT_THAT(agent().run(resource, {.action = "start", .timeout = 4s}),
              fails(1, HasSubstr("404")));
  expect_that_stop_leaves_nothing(resource);
}

TEST(Start, FailsAtOnceWhenTheUdpPortIsTaken) {
  const auto resource = make_resource("p_kam", 5060);
  const auto holder = occupy(SOCK_DGRAM, 5060);
  const auto result = agent().run(resource, {.action = "start", .timeout = 60s});
  EXPECT_THAT(result, fails(1, AllOf(HasSubstr("ERROR"), HasSubstr("bind"),
                                     HasSubstr("Address already in use"))));
  EXPECT_LT(result.took, 10s);
  expect_that_stop_leaves_nothing(resource);
}

TEST(Start, FailsAtOnceWhenTheTcpPortIsTaken) {
  const auto resource = make_resource("p_kam", 5060);
  const auto holder = occupy(SOCK_STREAM, 5060);
  const auto result = agent().run(resource, {.action = "start", .timeout = 60s});
  EXPECT_THAT(result, fails(1, AllOf(HasSubstr("ERROR"), HasSubstr("bind"),
                                     HasSubstr("Address already in use"))));
  EXPECT_LT(result.took, 10s);
  expect_that_stop_leaves_nothing(resource);
}

TEST(Start, FailsAtOnceWhenTheAddressIsNotOnThisNode) {
  const auto resource = make_resource("p_kam", 5060).with("listen_address", "192.0.2.1");
  const auto result = agent().run(resource, {.action = "start", .timeout = 60s});
  EXPECT_THAT(result, fails(1, HasSubstr("Cannot assign requested address")));
  EXPECT_LT(result.took, 10s);
  expect_that_stop_leaves_nothing(resource);
}

// What the check of the configuration file does not see.
TEST(Start, FailsAtOnceWhenAModuleCannotBeInitialised) {
  auto resource = make_resource(
      "p_kam", 5060,
      {.has_fifo = true, .extra = R"(modparam("jsonrpcs", "fifo_name", "/nowhere/fifo"))"});
  ASSERT_THAT(agent().run(resource, {.action = "validate-all"}), succeeds());
  const auto result = agent().run(resource, {.action = "start", .timeout = 60s});
  EXPECT_THAT(result, fails(1, AllOf(HasSubstr("ERROR"), HasSubstr("jsonrpc"))));
  EXPECT_LT(result.took, 10s);
  expect_that_stop_leaves_nothing(resource);
}

TEST(Start, FailsWithKamailiosWordsWhenAModuleParameterIsUnknown) {
  const auto resource =
      make_resource("p_kam", 5060, {.extra = R"(modparam("tm", "no_such_thing", 1))"});
  const auto result = agent().run(resource, {.action = "start", .timeout = 60s});
  EXPECT_THAT(result, fails(2, HasSubstr("no_such_thing")));
  EXPECT_LT(result.took, 10s);
  expect_that_stop_leaves_nothing(resource);
}

TEST(Start, FailsAtOnceWhenTheDaemonDiesRightAfterIt) {
  const auto resource = make_resource(
      "p_kam", 5060,
      {.answers_options = false,  // or it might be healthy for a moment
       .extra = "loadmodule \"cfgutils.so\"\nevent_route[core:worker-one-init] { abort(); }"});
  const auto result = agent().run(resource, {.action = "start", .timeout = 60s});
  EXPECT_THAT(result, fails(1, AnyOf(HasSubstr("ended"), HasSubstr("died"))));
  // Its own words for the cause, and not only for what followed from it.
  EXPECT_THAT(result.reason, AnyOf(HasSubstr("abort called"), HasSubstr("exited by a signal")));
  EXPECT_LT(result.took, 15s);
  expect_that_stop_leaves_nothing(resource);
}

TEST(Start, OfAServerThatNeverFinishesItsInitialisationFailsInTime) {
  const auto resource = make_resource("p_kam", 5060, {.listen = "include_file \"/tmp/gate\""});
  ASSERT_EQ(run_program({"mkfifo", "/tmp/gate"}), 0);
  EXPECT_THAT(agent().run(resource, {.action = "start", .timeout = 3s}),
              fails(1, HasSubstr("initialising")));
  EXPECT_TRUE(eventually([&] { return processes_of(resource).empty(); }));
  expect_that_stop_leaves_nothing(resource);
}

// Its processes are not what `binary` names, so they could be neither watched nor stopped.
TEST(Start, WithAWrapperScriptFailsWithTheCureAndLeavesNothingRunning) {
  write_file("/tmp/wrapper", "#!/bin/sh\nexec /usr/sbin/kamailio \"$@\"\n");
  ASSERT_EQ(run_program({"chmod", "755", "/tmp/wrapper"}), 0);
  const auto resource = make_resource("p_kam", 5060).with("binary", "/tmp/wrapper");
  EXPECT_THAT(agent().run(resource, {.action = "start"}),
              fails(1, AllOf(HasSubstr("binary"), HasSubstr("/tmp/wrapper"),
                             HasSubstr("/usr/sbin/kamailio"))));
  expect_that_stop_leaves_nothing(resource);
}

TEST(Start, BesideAnotherProgramWithTheSamePidFileFailsAndLeavesThatAlone) {
  ASSERT_EQ(run_program({"cp", "/usr/sbin/kamailio", "/tmp/kamailio"}), 0);
  const auto other = make_resource("p_kam", 5060).with("binary", "/tmp/kamailio");
  ASSERT_THAT(agent().run(other, {.action = "start"}), succeeds());
  const auto processes = processes_of(other);
  EXPECT_THAT(agent().run(other.without("binary"), {.action = "start"}),
              fails(1, AllOf(HasSubstr(pid_file_of(other)), HasSubstr("/tmp/kamailio"))));
  EXPECT_EQ(processes_of(other), processes);
  EXPECT_THAT(agent().run(other, {.action = "monitor"}), succeeds());
}

}  // namespace
}  // namespace live
