#pragma once

#include "agent/host/clock.h"

namespace posix {

// CLOCK_MONOTONIC.
class PosixClock final : public host::Clock {
 public:
  [[nodiscard]] host::TimePoint now() const override;
  void sleep_until(host::TimePoint moment) override;
};

// The time that poll(2) may wait until `moment`: milliseconds rounded up so that it never wakes
// early, between 0 and one minute.
[[nodiscard]] int poll_timeout_ms(host::TimePoint moment);

}  // namespace posix
