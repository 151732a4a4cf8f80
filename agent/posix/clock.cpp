#include "agent/posix/clock.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace posix {

host::TimePoint PosixClock::now() const { return std::chrono::steady_clock::now(); }

void PosixClock::sleep_until(host::TimePoint moment) {
  // libstdc++ continues after an interruption, but one call may still end early because of
  // rounding.
  while (now() < moment) {
    std::this_thread::sleep_for(moment - now());
  }
}

int poll_timeout_ms(host::TimePoint moment) {
  using std::chrono::milliseconds;
  const auto left = std::chrono::ceil<milliseconds>(moment - std::chrono::steady_clock::now());
  return static_cast<int>(
      std::clamp(left, milliseconds(0), milliseconds(std::chrono::minutes(1))).count());
}

}  // namespace posix
