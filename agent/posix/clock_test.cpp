#include "agent/posix/clock.h"

#include "agent/host/contract/clock_contract.h"
#include "agent/posix/testing/own_process.h"

#include <chrono>
#include <memory>

namespace posix {
namespace {

class PosixClockWorld final : public host::contract::ClockWorld {
 public:
  host::Clock& clock() override { return clock_; }
  void while_signals_arrive(const std::function<void()>& act) override {
    const testing::Interruptions interruptions;
    act();
  }

 private:
  PosixClock clock_;
};

// A poll that wakes before its deadline would be repeated again and again.
TEST(PollTimeout, NeverEndsBeforeTheMoment) {
  using std::chrono::microseconds;
  for (int turn = 0; turn < 1000; ++turn) {
    const auto moment = std::chrono::steady_clock::now() + microseconds(100 + turn);
    const auto timeout = poll_timeout_ms(moment);
    if (std::chrono::steady_clock::now() < moment) {
      EXPECT_GT(timeout, 0);
    }
  }
}

TEST(PollTimeout, IsNoneForAMomentThatHasPassed) {
  EXPECT_EQ(poll_timeout_ms(std::chrono::steady_clock::now() - std::chrono::hours(1)), 0);
  EXPECT_EQ(poll_timeout_ms(host::TimePoint()), 0);
}

TEST(PollTimeout, IsAMinuteAtMost) {
  EXPECT_EQ(poll_timeout_ms(std::chrono::steady_clock::now() + std::chrono::hours(1)), 60'000);
  EXPECT_EQ(poll_timeout_ms(host::TimePoint::max()), 60'000);
}

}  // namespace
}  // namespace posix

namespace host::contract {

const WorldFactory<ClockWorld> posix_clock = {
    "posix", [] { return std::make_unique<posix::PosixClockWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Posix, ClockContract, testing::Values(posix_clock));

}  // namespace host::contract
