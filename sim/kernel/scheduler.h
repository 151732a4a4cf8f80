#pragma once

#include "agent/host/clock.h"

#include <cstdint>
#include <functional>
#include <map>
#include <tuple>
#include <utility>

namespace sim {

using host::Duration;
using host::TimePoint;

// Virtual time and what is going to happen in it. Time passes only while somebody waits, and then
// at once.
class Scheduler {
 public:
  using Action = std::function<void()>;

  // Names what was planned.
  struct Plan {
    TimePoint moment;
    std::uint64_t number = 0;
    friend bool operator<(const Plan& left, const Plan& right) {
      return std::tie(left.moment, left.number) < std::tie(right.moment, right.number);
    }
  };

  // Since the machine was switched on.
  [[nodiscard]] TimePoint now() const { return now_; }

  // Plans are carried out in order of time, and those for the same moment in the order in which
  // they were made. A moment of the past is now.
  Plan at(TimePoint moment, Action action);
  Plan in(Duration delay, Action action) { return at(now_ + delay, std::move(action)); }

  // Forgets a plan; one that was carried out may be forgotten, too.
  void cancel(const Plan& plan) { plans_.erase(plan); }

  // Lets time pass until the condition holds, or to the deadline, whatever comes first, and tells
  // whether the condition holds. It is looked at first, and after each plan. Not to be called from
  // within a plan. Throws std::logic_error if plans are made for the same moment without end, or if
  // nothing is planned and there is no deadline.
  bool pass_until(TimePoint deadline, const std::function<bool()>& condition);
  void pass_until(TimePoint deadline);

 private:
  void carry_out_next();

  TimePoint now_{std::chrono::hours(1)};
  std::map<Plan, Action> plans_;
  std::uint64_t next_number_ = 0;
  int plans_at_this_moment_ = 0;
  bool is_passing_ = false;
};

}  // namespace sim
