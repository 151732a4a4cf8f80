#include "sim/kernel/scheduler.h"

#include <algorithm>
#include <stdexcept>

namespace sim {

Scheduler::Plan Scheduler::at(TimePoint moment, Action action) {
  const Plan plan{.moment = std::max(moment, now_), .number = next_number_++};
  plans_.emplace(plan, std::move(action));
  return plan;
}

bool Scheduler::pass_until(TimePoint deadline, const std::function<bool()>& condition) {
  if (is_passing_) {
    throw std::logic_error("a plan must not wait: the run loop is not reentrant");
  }
  is_passing_ = true;
  const struct Finally {
    bool& flag;
    ~Finally() { flag = false; }
  } finally{is_passing_};
  while (!condition()) {
    if (plans_.empty() && deadline == TimePoint::max()) {
      throw std::logic_error("deadlock: a wait without a deadline, and no plans");
    }
    if (plans_.empty() || plans_.begin()->first.moment > deadline) {
      now_ = std::max(now_, deadline);
      return condition();
    }
    carry_out_next();
  }
  return true;
}

void Scheduler::pass_until(TimePoint deadline) {
  (void)pass_until(deadline, [] { return false; });
}

void Scheduler::carry_out_next() {
  constexpr int most = 1'000'000;
  auto next = plans_.extract(plans_.begin());
  plans_at_this_moment_ = next.key().moment > now_ ? 0 : plans_at_this_moment_ + 1;
  if (plans_at_this_moment_ > most) {
    throw std::logic_error("livelock: a million plans for the same moment");
  }
  now_ = next.key().moment;
  next.mapped()();
}

}  // namespace sim
