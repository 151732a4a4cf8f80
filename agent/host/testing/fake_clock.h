#pragma once

#include "agent/host/clock.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <utility>

namespace host::testing {

// Time passes only when the test or the agent sleeps or waits. Planned events happen on the way.
class FakeClock final : public host::Clock {
 public:
  [[nodiscard]] host::TimePoint now() const override { return now_; }
  void sleep_until(host::TimePoint moment) override {
    pass_until(moment, [] { return false; });
  }

  void at(host::TimePoint moment, std::function<void()> event) {
    events_.emplace(moment, std::move(event));
  }
  void in(host::Duration duration, std::function<void()> event) {
    at(now_ + duration, std::move(event));
  }

  // Returns when the condition holds, at the latest at the moment.
  void pass_until(host::TimePoint moment, const std::function<bool()>& condition) {
    while (!condition()) {
      const auto next = events_.begin();
      if (next == events_.end() || next->first > moment) {
        now_ = std::max(now_, moment);
        return;
      }
      now_ = std::max(now_, next->first);
      const auto event = std::move(next->second);
      events_.erase(next);
      event();
    }
  }

 private:
  host::TimePoint now_{std::chrono::hours(1)};  // since the machine was switched on
  std::multimap<host::TimePoint, std::function<void()>> events_;
};

}  // namespace host::testing
