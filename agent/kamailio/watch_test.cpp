// A recurring monitor that waits: what the cluster sees of it, on a node in memory.

#include "agent/kamailio/watch.h"

#include "agent/kamailio/testing/node.h"
#include "agent/ocf/testing/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <ostream>
#include <string>

namespace kamailio {
namespace {

using namespace std::chrono_literals;
using ocf::ExitCode;
using ocf::testing::ends_with;
using ocf::testing::succeeds;
using Mood = testing::Node::Mood;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A node whose monitor recurs every second, has a timeout of 60 s, and waits for 50 s.
class WatchedNode : public testing::Node {
 public:
  static inline const std::string stamp = "/run/resource-agents/kamailio-p_kam.watch";

  WatchedNode() {
    set("probe", "builtin").set("kamctlrc", "none").set("probe_timeout", "2s").set("watch", "50s");
    set("CRM_meta_interval", "1000").timeout(60s);
    files.put_directory("/run/resource-agents");
    files.put("/proc/sys/kernel/random/boot_id", {.content = "a-boot"});
    start_kamailio();
  }

  // The monitor that the cluster calls next.
  ocf::Outcome monitor_after(host::Duration interval = 1s) {
    clock.sleep_until(clock.now() + interval);
    return run("monitor");
  }

  // The first monitor of a chain, which leaves a stamp.
  WatchedNode& first() {
    EXPECT_THAT(run("monitor"), succeeds());
    EXPECT_LT(elapsed(), 1s);
    EXPECT_TRUE(files.has(stamp));
    return *this;
  }

  void end_main_after(host::Duration wait) {
    clock.in(wait, [this] { end_all_processes(); });
  }
};

TEST(Watch, WaitsAsLongAsItIsToldIfNothingHappens) {
  WatchedNode node;
  EXPECT_THAT(node.first().monitor_after(), succeeds());
  EXPECT_GE(node.elapsed(), 50s);
  EXPECT_LT(node.elapsed(), 51s);
}

TEST(Watch, GoesOnWithEachMonitor) {
  WatchedNode node;
  node.first();
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(node.monitor_after(), succeeds());
    EXPECT_GE(node.elapsed(), 50s);
  }
}

TEST(Watch, ReportsACrashAtOnce) {
  WatchedNode node;
  node.first().end_main_after(1s + 20300ms);
  EXPECT_THAT(node.monitor_after(), ends_with(ExitCode::not_running, HasSubstr("not running")));
  EXPECT_EQ(node.elapsed(), 20300ms);
}

// The processes of a server that is killed do not all end in the same moment.
TEST(Watch, GivesTheProcessesOfAKilledServerTheMomentInWhichTheyEnd) {
  WatchedNode node;
  node.first();
  auto wait = 1s + 20300ms;
  for (const int pid : node.processes.living()) {
    node.clock.in(wait, [&node, pid] { node.processes.end(pid); });
    wait += 8ms;
  }
  EXPECT_THAT(node.monitor_after(), ends_with(ExitCode::not_running, HasSubstr("not running")));
  EXPECT_EQ(node.elapsed(), 20320ms);
}

TEST(Watch, ReportsOrphansAlmostAtOnce) {
  WatchedNode node;
  node.first();
  node.clock.in(1s + 20300ms, [&node] { node.processes.end(node.processes.living().front()); });
  EXPECT_THAT(node.monitor_after(), ends_with(ExitCode::generic_error, HasSubstr("main process")));
  EXPECT_EQ(node.elapsed(), 20310ms);
}

TEST(Watch, ReportsAFrozenServerAfterOneIntervalAndTheTimeForReplies) {
  WatchedNode node;
  node.first().mood_after(1s + 20300ms, Mood::is_silent);
  EXPECT_THAT(node.monitor_after(), ends_with(ExitCode::generic_error, HasSubstr("OPTIONS")));
  EXPECT_GE(node.elapsed(), 20300ms + 1700ms);
  EXPECT_LE(node.elapsed(), 20300ms + 1s + 2s + 50ms);
}

TEST(Watch, ReportsWhatTheMonitorFindsFirstWithoutAWait) {
  WatchedNode node;
  node.first().mood(Mood::rejects);
  EXPECT_THAT(node.monitor_after(), ends_with(ExitCode::generic_error, HasSubstr("404")));
  EXPECT_LT(node.elapsed(), 1s);
}

TEST(Watch, RunsNoProgramWhileItWaits) {
  WatchedNode node;
  node.set("kamctlrc", testing::Node::kamctlrc);
  node.first();
  const auto before = node.runner.ran().size();
  EXPECT_THAT(node.monitor_after(), succeeds());
  EXPECT_EQ(node.runner.ran().size(), before + 2);  // at its beginning and at its end
}

TEST(Watch, LooksOnlyAtTheProcessesBetweenTwoRunsOfSipsak) {
  WatchedNode node;
  node.set("probe", "sipsak");
  node.first().mood_after(1s + 20s, Mood::is_silent);
  EXPECT_THAT(node.monitor_after(), ends_with(ExitCode::generic_error, HasSubstr("OPTIONS")));
  EXPECT_GE(node.elapsed(), 50s);
  EXPECT_LT(node.elapsed(), 53s);
}

TEST(Watch, EndsWhenTheMainProcessIsAnotherOne) {
  WatchedNode node;
  node.first();
  node.clock.in(1s + 5s, [&] {
    node.end_all_processes();
    node.start_kamailio();
  });
  EXPECT_THAT(node.monitor_after(), succeeds());
  EXPECT_LT(node.elapsed(), 6s);
  EXPECT_FALSE(node.files.has(WatchedNode::stamp));
  EXPECT_THAT(node.monitor_after(), succeeds());
  EXPECT_LT(node.elapsed(), 1s);
}

// Which monitor is the first of a chain, and must not wait.

struct Beginning {
  std::string name;
  std::function<void(WatchedNode&)> happens;
};

void PrintTo(const Beginning& beginning, std::ostream* out) { *out << beginning.name; }

class WatchBegins : public ::testing::TestWithParam<Beginning> {};

TEST_P(WatchBegins, WithAMonitorThatAnswersAtOnce) {
  WatchedNode node;
  node.first();
  node.clock.sleep_until(node.clock.now() + 1s);
  GetParam().happens(node);
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_LT(node.elapsed(), 1s);
  EXPECT_TRUE(node.files.has(WatchedNode::stamp));
}

std::string stamp_of(WatchedNode& node) {
  return node.files.read(WatchedNode::stamp, 1000).value_or("");
}

INSTANTIATE_TEST_SUITE_P(
    After, WatchBegins,
    ::testing::Values(
        Beginning{"AProbe",
                  [](auto& node) {
                    node.unset("CRM_meta_interval");
                    EXPECT_THAT(node.run("monitor"), succeeds());
                    node.set("CRM_meta_interval", "1000");
                  }},
        Beginning{"AnotherServer",
                  [](auto& node) {
                    node.end_all_processes();
                    node.start_kamailio();
                  }},
        Beginning{"AnotherParameter", [](auto& node) { node.set("probe_accept", "any"); }},
        Beginning{"AnotherTimeout", [](auto& node) { node.timeout(61s); }},
        Beginning{"AnotherInterval", [](auto& node) { node.set("CRM_meta_interval", "900"); }},
        Beginning{"AReboot",
                  [](auto& node) {
                    node.files.put("/proc/sys/kernel/random/boot_id", {.content = "another"});
                  }},
        Beginning{"APause", [](auto& node) { node.clock.sleep_until(node.clock.now() + 1200ms); }},
        Beginning{"ALostStamp", [](auto& node) { node.files.take_away(WatchedNode::stamp); }},
        Beginning{"AStampWithoutItsEnd",
                  [](auto& node) {
                    auto text = stamp_of(node);
                    text.pop_back();
                    node.files.put(WatchedNode::stamp, {.content = text});
                  }},
        Beginning{"AStampFromTheFuture",
                  [](auto& node) {
                    auto text = stamp_of(node);
                    text.insert(text.find(" end=") + 5, "9");
                    node.files.put(WatchedNode::stamp, {.content = text});
                  }},
        Beginning{"AGarbledStamp",
                  [](auto& node) {
                    auto text = stamp_of(node);
                    text.replace(text.find(" end=") + 5, std::string::npos, "x\n");
                    node.files.put(WatchedNode::stamp, {.content = text});
                  }},
        Beginning{"AStampOfAUser",
                  [](auto& node) {
                    node.files.give_to(WatchedNode::stamp, {.user = 1000, .group = 1000});
                  }}),
    [](const auto& test) { return test.param.name; });

TEST(Watch, BeginsAnewAfterAMonitorThatCameTooSoon) {
  WatchedNode node;
  node.first();
  EXPECT_THAT(node.monitor_after(900ms), succeeds());
  EXPECT_LT(node.elapsed(), 1s);
}

TEST(Watch, BeginsAnewWhenAServerIsWellAgain) {
  WatchedNode node;
  node.first().mood(Mood::rejects);
  EXPECT_THAT(node.monitor_after(), ends_with(ExitCode::generic_error, HasSubstr("404")));
  node.mood(Mood::answers);
  EXPECT_THAT(node.monitor_after(), succeeds());
  EXPECT_LT(node.elapsed(), 1s);
}

TEST(Watch, LeavesNoStampWhileItWaits) {
  WatchedNode node;
  node.first();
  bool was_there = true;
  node.clock.in(1s + 10s, [&] { was_there = node.files.has(WatchedNode::stamp); });
  EXPECT_THAT(node.monitor_after(), succeeds());
  EXPECT_FALSE(was_there);
}

TEST(Watch, LeavesNothingAfterAStop) {
  WatchedNode node;
  node.first();
  EXPECT_THAT(node.run("stop"), succeeds());
  EXPECT_FALSE(node.files.has(WatchedNode::stamp));
}

TEST(Watch, LeavesNothingAfterAReload) {
  WatchedNode node;
  node.first().unset("watch");
  EXPECT_THAT(node.run("reload-agent"), succeeds());
  EXPECT_FALSE(node.files.has(WatchedNode::stamp));
}

TEST(Watch, MakesTheDirectoryOfItsStamp) {
  WatchedNode node;
  node.set_variable("HA_RSCTMP", "/run/agents");
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_TRUE(node.files.has("/run/agents/kamailio-p_kam.watch"));
}

TEST(Watch, ShowsThatItsStampCannotBeWritten) {
  WatchedNode node;
  node.files.spoil(WatchedNode::stamp, {.text = WatchedNode::stamp + ": No space left on device"});
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(node.monitor_after(),
                ends_with(ExitCode::degraded, HasSubstr("No space left on device")));
    EXPECT_LT(node.elapsed(), 1s);
  }
  EXPECT_THAT(node.log.warnings(), IsEmpty());
}

// Degraded servers, and checks in depth.

TEST(Watch, WaitsOnADegradedServerToo) {
  WatchedNode node;
  node.files.take_away(testing::Node::pid_file);
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::degraded, HasSubstr("PID file")));
  node.end_main_after(1s + 20300ms);
  EXPECT_THAT(node.monitor_after(), ends_with(ExitCode::not_running, HasSubstr("not running")));
  EXPECT_EQ(node.elapsed(), 20300ms);
}

TEST(Watch, ReportsAServerThatBecomesDegraded) {
  WatchedNode node;
  node.first();
  node.clock.in(1s + 20300ms, [&] { node.files.take_away(testing::Node::pid_file); });
  EXPECT_THAT(node.monitor_after(), ends_with(ExitCode::degraded, HasSubstr("PID file")));
  EXPECT_LE(node.elapsed(), 21400ms);
}

TEST(Watch, KeepsADegradedServerDegradedIfTheTimeEndsInAnOwnCheck) {
  for (const auto wait : {350ms, 500ms, 550ms, 600ms}) {
    WatchedNode node;
    node.set("rpc", "unixd:" + testing::Node::rpc_socket).set("watch_depth_interval", "50s");
    node.answers_rpc("core.shmmem", R"({"total":65536,"free":100})").answers_after(wait);
    node.run("monitor");
    EXPECT_THAT(node.monitor_after(), ends_with(ExitCode::degraded, HasSubstr("memory")));
    EXPECT_GE(node.elapsed(), 50s);
  }
}

TEST(Watch, ChecksInDepthAsOftenAsItIsTold) {
  WatchedNode node;
  node.set("rpc", "unixd:" + testing::Node::rpc_socket).set("watch_depth_interval", "10s");
  node.first();
  node.clock.in(1s + 11s,
                [&] { node.answers_rpc("core.shmmem", R"({"total":65536,"free":100})"); });
  EXPECT_THAT(node.monitor_after(), ends_with(ExitCode::degraded, HasSubstr("memory")));
  EXPECT_GE(node.elapsed(), 19s);
  EXPECT_LE(node.elapsed(), 22s);
  // The same is no news, though the checks between do not see it.
  node.run("monitor");
  EXPECT_THAT(node.monitor_after(), ends_with(ExitCode::degraded, HasSubstr("memory")));
  EXPECT_GE(node.elapsed(), 50s);
}

// Which monitors wait at all.

TEST(Watch, IsForRecurringMonitorsOfTheNormalLevelAlone) {
  for (const std::string level : {"0", "20"}) {
    WatchedNode node;
    node.first();
    node.check_level(std::stoi(level));
    EXPECT_THAT(node.monitor_after(), succeeds());
    EXPECT_LT(node.elapsed(), 1s) << level;
  }
}

TEST(Watch, TouchesNoStampWithoutTheParameter) {
  WatchedNode node;
  node.unset("watch");
  EXPECT_THAT(node.run("monitor"), succeeds());
  EXPECT_THAT(node.files.changes(), IsEmpty());
}

// The cluster would wait for the monitor before it recovers another instance of the clone.
TEST(Watch, IsNotUsedInACloneWithNotifications) {
  WatchedNode node;
  node.set("CRM_meta_notify", "true");
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(node.monitor_after(), ends_with(ExitCode::degraded, HasSubstr("notify=true")));
    EXPECT_LT(node.elapsed(), 1s);
  }
  node.set("CRM_meta_notify", "false").run("monitor");
  EXPECT_THAT(node.monitor_after(), succeeds());
  EXPECT_GE(node.elapsed(), 50s);
}

// The long timeout is for the wait.
TEST(Watch, GivesProcessesThatAreExitingTheTimeOfACheck) {
  WatchedNode node;
  node.first();
  node.clock.in(1s + 20s, [&] {
    for (const int pid : node.processes.living()) {
      node.processes.change_state(pid, host::ProcessState::exiting);
    }
  });
  EXPECT_THAT(node.monitor_after(), ends_with(ExitCode::generic_error, HasSubstr("still running")));
  EXPECT_LT(node.elapsed(), 20s + 6s);
}

TEST(Watch, LogsAWarningOnceAndNotWithEachCheck) {
  WatchedNode node;
  node.set("rpc", "unixd:" + testing::Node::rpc_socket);
  node.first();
  node.stop_by_signal({node.processes.living().front()});
  (void)node.monitor_after();
  EXPECT_LE(node.log.warnings().size(), 2U);
}

TEST(Watch, ThatDoesNotFitTheTimeoutIsShownWithTheArithmetic) {
  WatchedNode node;
  node.set("watch", "57s");
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(node.monitor_after(),
                ends_with(ExitCode::degraded,
                          HasSubstr("watch=57s: expected at most 56.0 s: the monitor's timeout of "
                                    "60.0 s less 2.0 s to report and 2.0 s for the last check")));
    EXPECT_LT(node.elapsed(), 1s);
  }
  node.set("watch", "56s").run("monitor");
  EXPECT_THAT(node.monitor_after(), succeeds());
  EXPECT_GE(node.elapsed(), 56s);
  EXPECT_LT(node.elapsed(), 58s);
}

}  // namespace
}  // namespace kamailio
