#pragma once

#include "agent/host/clock.h"
#include "agent/host/contract/world_factory.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>

namespace host::contract {

class ClockWorld {
 public:
  virtual ~ClockWorld() = default;

  [[nodiscard]] virtual Clock& clock() = 0;

  // Acts while signals with a handler that restarts no system call arrive all the time.
  virtual void while_signals_arrive(const std::function<void()>& act) = 0;
};

class ClockContract : public ContractTest<ClockWorld> {
 protected:
  [[nodiscard]] Clock& clock() { return world().clock(); }
};

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
