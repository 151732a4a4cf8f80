#include "agent/kamailio/launch.h"

#include "agent/kamailio/testing/node.h"
#include "agent/ocf/testing/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace kamailio {
namespace {

using namespace std::chrono_literals;
using ocf::ExitCode;
using ocf::testing::ends_with;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::Node;
using ::testing::Not;
using testing::Performance;
using ::testing::StartsWith;

// A start that fails without output on standard error.
class RefusedLaunch : public ::testing::Test {
 protected:
  RefusedLaunch() { node_.refuses_to_start(255, "").timeout(60s); }

  // The run in the foreground that finds the cause.
  [[nodiscard]] host::Command diagnosing_run() const {
    const auto& ran = node_.runner.ran();
    const auto found = std::ranges::find_if(ran, [](const host::Command& command) {
      return command.arguments.front() == Node::binary && command.arguments.at(1) != "-c";
    });
    EXPECT_NE(found, ran.end());
    return found == ran.end() ? host::Command() : *found;
  }

  Node node_;  // NOLINT: GoogleTest's way
};

// A concurrent monitor must not recognise it as the instance, nor must a stop end it.
TEST_F(RefusedLaunch, IsRepeatedWithoutThePidFile) {
  (void)node_.run("start");
  const auto arguments = diagnosing_run().arguments;
  EXPECT_THAT(arguments, Not(Contains("-P")));
  EXPECT_THAT(arguments, Not(Contains(HasSubstr(".pid"))));
}

TEST_F(RefusedLaunch, IsRepeatedInTheForegroundWithItsLogOnStandardError) {
  (void)node_.run("start");
  const auto arguments = diagnosing_run().arguments;
  EXPECT_THAT(arguments, Contains("-DD"));
  EXPECT_THAT(arguments, Contains("-E"));
}

constexpr const char* busy =
    " 0(7) ERROR: <core> [core/tcp_main.c:3158]: tcp_init(): bind(8, 0x7f, 16) on 127.0.0.1:5060 : "
    "Address already in use\n";

TEST_F(RefusedLaunch, NamesWhoHasThePort) {
  node_.fails_in_foreground(busy);
  node_.processes.add({.id = {.pid = 4000, .start_time = 1},
                       .parent = 1,
                       .name = "sippd",
                       .arguments = {"sippd", "-P", "password"}});
  node_.network.put_holders(std::vector<host::Rival>{{.pid = 4000, .user = 108}});
  EXPECT_THAT(
      node_.run("start"),
      ends_with(ExitCode::generic_error,
                StartsWith("TCP 127.0.0.1:5060 is in use by process 4000 (sippd) of uid 108; ")));
}

// Several instances listen on 127.0.0.1 each.
TEST_F(RefusedLaunch, NamesTheKamailioThatHasThePortByItsPidFile) {
  node_.fails_in_foreground(busy);
  auto other = host::Process{.id = {.pid = 4000, .start_time = 1}, .parent = 1, .name = "kamailio"};
  other.arguments = {"/usr/sbin/kamailio", "-P", "/var/run/kamailio_two/kamailio.pid"};
  node_.processes.add(other);
  node_.network.put_holders(std::vector<host::Rival>{{.pid = 4000, .user = 0}});
  EXPECT_THAT(node_.run("start"),
              ends_with(ExitCode::generic_error,
                        StartsWith("TCP 127.0.0.1:5060 is in use: set another port, or stop "
                                   "process 4000 (kamailio -P /var/run/kamailio_two/kamailio.pid) "
                                   "of uid 0; ")));
}

// listen=0.0.0.0 in the file, and -l on the command line.
TEST_F(RefusedLaunch, SuspectsTheConfigurationIfNobodyHasThePort) {
  node_.fails_in_foreground(busy);
  node_.network.put_holders({});
  EXPECT_THAT(
      node_.run("start"),
      ends_with(ExitCode::generic_error,
                StartsWith("TCP 127.0.0.1:5060 is in use, probably by a listen= in conffile "
                           "itself: set proto=conf_udptcp; ")));
}

TEST_F(RefusedLaunch, ReportsAPortInUseWithoutAKnownOwner) {
  node_.fails_in_foreground(busy);
  node_.network.put_holders(tl::unexpected(host::Error{.text = "no memory"}));
  EXPECT_THAT(node_.run("start"),
              ends_with(ExitCode::generic_error,
                        StartsWith("TCP 127.0.0.1:5060 is in use (Address already in use); ")));
}

TEST_F(RefusedLaunch, NamesNoUdpPortThatIsOnlyInTheConfiguration) {
  node_.fails_in_foreground(
      " 0(7) ERROR: <core> [core/udp_server.c:402]: udp_init(): bind(4, 0x7f, 16) on 192.0.2.77: "
      "Address already in use\n");
  EXPECT_THAT(node_.run("start"),
              ends_with(ExitCode::generic_error,
                        StartsWith("UDP 192.0.2.77 is in use (Address already in use); ")));
}

// A start that has just failed may succeed now. Its children would reply to callers, on the
// cluster's address.
TEST_F(RefusedLaunch, IsRepeatedWithoutServing) {
  node_.fails_in_foreground(" 0(7) CRITICAL: <core> [main.c:1708]: main_loop(): Cannot fork\n");
  (void)node_.run("start");
  std::vector<host::Denied> denied;
  for (const auto& command : node_.runner.ran()) {
    if (command.arguments.at(1) != "-c") {
      denied.push_back(command.denied);
    }
  }
  using host::Denied;
  EXPECT_THAT(denied, ElementsAre(Denied::children, Denied::children, Denied::addresses));
}

// A start that has just failed may succeed now, and then Kamailio keeps running.
TEST_F(RefusedLaunch, IsRepeatedForAFewSecondsAtMost) {
  node_.runner.helper(Node::binary, [](const host::Command& command) -> Performance {
    return {.takes = command.arguments.at(1) == "-c" ? 12ms : std::chrono::milliseconds(1h)};
  });
  EXPECT_THAT(node_.run("start"), ends_with(ExitCode::generic_error, HasSubstr("see its log")));
  EXPECT_LT(node_.elapsed(), 15s);
}

TEST_F(RefusedLaunch, IsExplainedByWordsOnStandardOutputToo) {
  node_.runner.daemon([](const auto&) -> Performance {
    return {
        .result = host::Exited{.code = 255, .output = {.out = "ERROR: no such group\n", .err = ""}},
        .takes = 13ms};
  });
  EXPECT_THAT(node_.run("start"), ends_with(ExitCode::generic_error, HasSubstr("no such group")));
}

TEST(SlowLaunch, MayTakeAlmostAllTheTimeOfAStart) {
  Node node;
  node.runner.daemon([&](const auto&) -> Performance {
    node.start_kamailio();
    return {.takes = 54s};
  });
  EXPECT_THAT(node.timeout(60s).run("start"), ocf::testing::succeeds());
}

TEST(SlowLaunch, IsNotRepeated) {
  Node node;
  node.fails_in_foreground(" 0(7) CRITICAL: <core> [main.c:1708]: main_loop(): Cannot fork\n")
      .runner.daemon([](const auto&) -> Performance { return {.takes = 1h}; });
  EXPECT_THAT(node.timeout(60s).run("start"),
              ends_with(ExitCode::generic_error, HasSubstr("initialising")));
  EXPECT_THAT(node.runner.launched(), ::testing::SizeIs(1));
}

}  // namespace
}  // namespace kamailio
