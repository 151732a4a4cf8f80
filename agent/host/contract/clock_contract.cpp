#include "agent/host/contract/clock_contract.h"

#include <gtest/gtest.h>

#include <chrono>

namespace host::contract {

TEST_P(ClockContract, NeverGoesBack) {
  TimePoint last = clock().now();
  for (int reading = 0; reading < 1000; ++reading) {
    const TimePoint next = clock().now();
    ASSERT_GE(next, last);
    last = next;
  }
}

TEST_P(ClockContract, SleepsUntilTheMoment) {
  const TimePoint moment = clock().now() + std::chrono::milliseconds(50);
  clock().sleep_until(moment);
  EXPECT_GE(clock().now(), moment);
}

TEST_P(ClockContract, WakesAfterTheShortestSleep) {
  const TimePoint moment = clock().now() + Duration(1);
  clock().sleep_until(moment);
  EXPECT_GE(clock().now(), moment);
}

TEST_P(ClockContract, DoesNotSleepForAMomentOfThePast) {
  const TimePoint start = clock().now();
  clock().sleep_until(start - std::chrono::hours(1));
  clock().sleep_until(TimePoint{});
  EXPECT_LT(clock().now(), start + std::chrono::seconds(30));
}

TEST_P(ClockContract, SleepsOnThroughSignals) {
  world().while_signals_arrive([&] {
    const TimePoint moment = clock().now() + std::chrono::milliseconds(100);
    clock().sleep_until(moment);
    EXPECT_GE(clock().now(), moment);
  });
}

}  // namespace host::contract
