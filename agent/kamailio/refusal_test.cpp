// The reasons of failed starts, and when another launch is worth it.

#include "agent/kamailio/testing/node.h"
#include "agent/ocf/testing/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace kamailio {
namespace {

using namespace std::chrono_literals;
using ocf::ExitCode;
using ocf::testing::ends_with;
using ocf::testing::succeeds;
using testing::Node;
using testing::Performance;
using Mood = Node::Mood;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;
TEST(Start, SaysWhereTheConfigurationIsWrong) {
  Node node;
  node.refuses_to_start(255, "ERROR: bad config file (1 errors)\n")
      .configuration_is_wrong(
          " 0(7) CRITICAL: <core>: parse error in config file "
          "/etc/kamailio/kamailio.cfg, line 12, column 3\n");
  EXPECT_THAT(node.run("start"),
              ends_with(ExitCode::invalid_arguments,
                        AllOf(HasSubstr("conffile=" + Node::conffile), HasSubstr("line 12"))));
}

TEST(Start, ReportsKamailiosErrorIfTheConfigurationIsRight) {
  Node node;
  node.refuses_to_start(255, " 0(7) ERROR: <core>: bind: Address already in use\n");
  EXPECT_THAT(node.run("start"),
              ends_with(ExitCode::generic_error, HasSubstr("Address already in use")));
}

TEST(Start, ReportsKamailiosErrorIfTheConfigurationCheckTimesOut) {
  Node node;
  node.refuses_to_start(255, " 0(7) ERROR: <core>: bind: Address already in use\n")
      .runner.helper(Node::binary, [](const auto&) -> Performance { return {.takes = 1h}; });
  EXPECT_THAT(node.timeout(60s).run("start"),
              ends_with(ExitCode::generic_error, HasSubstr("Address already in use")));
  EXPECT_LT(node.elapsed(), 60s);
}

TEST(Start, RunsASilentKamailioAgainInTheForeground) {
  Node node;
  node.refuses_to_start(255, "").fails_in_foreground(" 0(7) ERROR: <core>: no such module\n");
  EXPECT_THAT(node.run("start"), ends_with(ExitCode::generic_error, HasSubstr("no such module")));
}

TEST(Start, ReportsThatKamailioPrintedNoError) {
  Node node;
  node.refuses_to_start(255, "");
  EXPECT_THAT(node.run("start"), ends_with(ExitCode::generic_error,
                                           AllOf(HasSubstr("255"), HasSubstr("see its log"))));
}

TEST(Start, FailsAtOnceIfKamailioDiesAfterItsLaunch) {
  Node node;
  node.fails_in_foreground(" 0(7) CRITICAL: dialog: database is gone\n")
      .runner.daemon([](const auto&) -> Performance { return {.takes = 13ms}; });
  EXPECT_THAT(node.timeout(60s).run("start"),
              ends_with(ExitCode::generic_error,
                        AllOf(HasSubstr("ended at once"), HasSubstr("database is gone"))));
  EXPECT_LT(node.elapsed(), 1s);
}

TEST(Start, FailsSoonIfKamailioDiesBeforeItIsHealthy) {
  Node node;
  node.mood(Mood::is_not_up);
  node.clock.in(2s, [&] { node.end_all_processes(); });
  EXPECT_THAT(node.timeout(60s).run("start"), ends_with(ExitCode::generic_error, Not(IsEmpty())));
  EXPECT_LT(node.elapsed(), 4s);
}

TEST(Start, FailsAtOnceIfOnlyTheMainProcessDies) {
  Node node;
  node.mood(Mood::is_not_up);
  node.clock.in(2s, [&] { node.processes.end(100); });
  EXPECT_THAT(node.timeout(60s).run("start"),
              ends_with(ExitCode::generic_error, HasSubstr("main process died")));
  EXPECT_LT(node.elapsed(), 4s);
}

TEST(Start, LaunchesOnce) {
  Node node;
  node.runner.daemon([](const auto&) -> Performance { return {.takes = 13ms}; });
  (void)node.run("start");
  EXPECT_THAT(node.runner.launched(), SizeIs(1));
}

// A port was in use for a moment: on the second run Kamailio only lacks the children that it may
// not have.
TEST(Start, LaunchesAgainIfTheCauseOfTheFailureIsGone) {
  Node node;
  int launches = 0;
  node.fails_in_foreground(" 0(7) CRITICAL: <core> [main.c:1708]: main_loop(): Cannot fork\n")
      .runner.daemon([&](const auto&) -> Performance {
        if (++launches == 1) {
          return {.result = host::Exited{.code = 255}, .takes = 13ms};
        }
        node.start_kamailio();
        return {.takes = 13ms};
      });
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_EQ(launches, 2);
}

TEST(Start, LaunchesTwiceAtMost) {
  Node node;
  node.refuses_to_start(255, "").fails_in_foreground(
      " 0(7) CRITICAL: <core> [main.c:1708]: main_loop(): Cannot fork\n");
  EXPECT_THAT(node.timeout(60s).run("start"), ends_with(ExitCode::generic_error, Not(IsEmpty())));
  EXPECT_THAT(node.runner.launched(), SizeIs(2));
}

TEST(Start, KeepsTimeToExplainALaunchThatTimesOut) {
  Node node;
  node.fails_in_foreground(" 1(8) ERROR: db_mysql [c.c:1]: init(): no answer\n")
      .runner.daemon([](const auto&) -> Performance { return {.takes = 1h}; });
  EXPECT_THAT(node.timeout(60s).run("start"),
              ends_with(ExitCode::generic_error,
                        AllOf(StartsWith("db_mysql: no answer"), HasSubstr("initialising"))));
  EXPECT_LT(node.elapsed(), 60s);
}

TEST(Start, RefusesAConfigurationInWhichKamailioDoesNotFork) {
  Node node;
  node.runner.daemon([](const auto&) -> Performance {
    return {.result = host::Abandoned{.output = {.out = "", .err = "WARNING: no fork mode \n"}}};
  });
  EXPECT_THAT(node.run("start"), ends_with(ExitCode::invalid_arguments,
                                           StartsWith("fork=no in conffile=" + Node::conffile)));
  EXPECT_EQ(node.runner.launched().front().hopeless_words, "WARNING: no fork mode");
}

TEST(Start, SaysWhichSignalKilledKamailio) {
  Node node;
  node.runner.daemon(
      [](const auto&) -> Performance { return {.result = host::Signaled{.signal = 11}}; });
  EXPECT_THAT(node.run("start"), ends_with(ExitCode::generic_error, HasSubstr("signal 11")));
}

TEST(Start, SaysThatKamailioIsNotInstalledIfItCannotBeExecuted) {
  Node node;
  node.runner.daemon([](const auto&) -> Performance {
    return {.result = host::NotStarted{.error = {.kind = host::ErrorKind::not_found,
                                                 .text = "/usr/sbin/kamailio: no interpreter"}}};
  });
  EXPECT_THAT(node.run("start"), ends_with(ExitCode::not_installed, HasSubstr("no interpreter")));
}

TEST(Start, IsNotPermittedIfKamailioMayNotBeExecuted) {
  Node node;
  node.runner.daemon([](const auto&) -> Performance {
    return {.result = host::NotStarted{.error = {.kind = host::ErrorKind::not_permitted,
                                                 .text = "/usr/sbin/kamailio: denied"}}};
  });
  EXPECT_THAT(node.run("start"), ends_with(ExitCode::not_permitted, HasSubstr("denied")));
}

}  // namespace
}  // namespace kamailio
