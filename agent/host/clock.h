#pragma once

#include <chrono>
#include <string>

namespace host {

using Duration = std::chrono::nanoseconds;

// A moment on the machine's monotonic clock (POSIX CLOCK_MONOTONIC). It does not change when
// somebody sets the time, and means nothing after a reboot.
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

// The only place where an agent waits for time to pass.
class Clock {
 public:
  virtual ~Clock() = default;

  // Never earlier than any value returned before.
  [[nodiscard]] virtual TimePoint now() const = 0;

  // Returns when now() >= moment, at once if it already is. A signal does not cut it short.
  virtual void sleep_until(TimePoint moment) = 0;
};

// Text for messages, with one decimal: "2.0 s". Durations below a second are in milliseconds, from
// 100 ms on rounded to tens: "350 ms".
[[nodiscard]] std::string in_seconds(Duration duration);

}  // namespace host
