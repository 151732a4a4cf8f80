#include "agent/kamailio/schedule.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>

namespace kamailio {
namespace {

using namespace std::chrono_literals;

// Timeouts from 100 ms to 10 minutes, each millisecond of the first ten seconds and then wider
// steps, up to the first that fails.
void for_each_timeout(const std::function<void(Milliseconds)>& act_once) {
  const auto act = [&](Milliseconds timeout) {
    if (!::testing::Test::HasFailure()) {
      act_once(timeout);
    }
  };
  for (Milliseconds timeout = 100ms; timeout <= 10min; timeout += timeout < 10s ? 1ms : 97ms) {
    act(timeout);
  }
  for (const Milliseconds timeout : {15s, 20s, 30s, 60s, 120s, 600s}) {
    act(timeout);
  }
}

TEST(AnyTimeout, IsLongerThanTheTimeOfAnAction) {
  for_each_timeout([](Milliseconds timeout) {
    ASSERT_LT(usable_time(timeout), timeout) << timeout.count();
    ASSERT_GE(usable_time(timeout), timeout / 2) << timeout.count();
  });
}

// A helper that hangs in the kernel is abandoned 1 s after its deadline.
TEST(AnyTimeout, LeavesAMonitorTimeToReport) {
  for_each_timeout([](Milliseconds timeout) {
    ASSERT_LE(check_time(timeout, std::nullopt), timeout / 2) << timeout.count();
    ASSERT_GT(check_time(timeout, std::nullopt), 0ms) << timeout.count();
  });
}

TEST(AnyTimeout, IsLongerThanAStopTakes) {
  for_each_timeout([](Milliseconds timeout) {
    for (const std::optional<Milliseconds> stop_grace :
         {std::optional<Milliseconds>(), std::optional<Milliseconds>(1ms),
          std::optional<Milliseconds>(24h)}) {
      ASSERT_LT(stop_schedule(timeout, stop_grace).total, timeout) << timeout.count();
    }
  });
}

TEST(AnyTimeout, LeavesSomeGrace) {
  for_each_timeout([](Milliseconds timeout) {
    ASSERT_GT(stop_schedule(timeout, std::nullopt).grace, 0ms) << timeout.count();
  });
}

TEST(AnyTimeout, LeavesTimeForTheKillAfterTheGrace) {
  for_each_timeout([](Milliseconds timeout) {
    const auto schedule = stop_schedule(timeout, std::nullopt);
    ASSERT_LT(schedule.grace, schedule.total) << "of a timeout of " << timeout.count() << " ms";
  });
}

TEST(AnyTimeout, LeavesTimeForTheKillAfterTheLongestStopGrace) {
  for_each_timeout([](Milliseconds timeout) {
    const auto schedule = stop_schedule(timeout, 24h);
    ASSERT_LT(schedule.grace, schedule.total) << "of a timeout of " << timeout.count() << " ms";
  });
}

TEST(TheGrace, IsHalfTheTimeoutOrAllButSevenSeconds) {
  for_each_timeout([](Milliseconds timeout) {
    ASSERT_EQ(stop_schedule(timeout, std::nullopt).grace, std::max(timeout / 2, timeout - 7s))
        << timeout.count();
  });
  EXPECT_EQ(stop_schedule(30s, std::nullopt).grace, 23s);
  EXPECT_EQ(stop_schedule(10s, std::nullopt).grace, 5s);
}

TEST(TheGrace, IsTwentySecondsWithoutATimeout) {
  EXPECT_EQ(stop_schedule(std::nullopt, std::nullopt).grace, 20s);
}

TEST(TheGrace, IsStopGraceIfThatIsSet) {
  EXPECT_EQ(stop_schedule(30s, 2s).grace, 2s);
  EXPECT_EQ(stop_schedule(30s, 25s).grace, 25s);
  EXPECT_EQ(stop_schedule(std::nullopt, 2s).grace, 2s);
  EXPECT_EQ(stop_schedule(std::nullopt, 10min).grace, 10min);
}

TEST(TheGrace, IsCappedWhereItWouldLeaveNoTimeForTheKill) {
  EXPECT_EQ(stop_schedule(30s, 30s), (StopSchedule{.grace = 25s, .total = 28s}));
  EXPECT_EQ(stop_schedule(30s, 24h), (StopSchedule{.grace = 25s, .total = 28s}));
  EXPECT_EQ(stop_schedule(4s, 24h), (StopSchedule{.grace = 2700ms, .total = 3600ms}));
}

TEST(AStopWithoutATimeout, HasTimeForTheKill) {
  for (const std::optional<Milliseconds> stop_grace :
       {std::optional<Milliseconds>(), std::optional<Milliseconds>(1ms),
        std::optional<Milliseconds>(24h)}) {
    const auto schedule = stop_schedule(std::nullopt, stop_grace);
    EXPECT_GT(schedule.total, schedule.grace + 1s);
  }
}

// With the timeout that the meta-data suggests for a monitor: sipsak sends again after 0.5, 1.5,
// 3.5, 7.5 and 11.5 seconds.
TEST(AMonitor, WaitsLongEnoughForSixRequests) { EXPECT_GT(check_time(30s, std::nullopt), 11500ms); }

TEST(AMonitor, WaitsForProbeTimeout) {
  EXPECT_EQ(check_time(30s, 2s), 2s);
  EXPECT_EQ(check_time(30s, 20s), 20s);
}

TEST(AMonitor, LeavesTimeToReportWithALongProbeTimeout) {
  EXPECT_EQ(check_time(30s, 30s), usable_time(30s));
  EXPECT_EQ(check_time(30s, 24h), usable_time(30s));
}

}  // namespace
}  // namespace kamailio
