#include "sim/kernel/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

class SchedulerTest : public testing::Test {
 protected:
  void plan(Duration delay, const std::string& name) {
    scheduler.in(delay, [this, name] { happened.push_back(name); });
  }
  void pass(Duration duration) { scheduler.pass_until(scheduler.now() + duration); }

  Scheduler scheduler;                // NOLINT: GoogleTest's way
  std::vector<std::string> happened;  // NOLINT: GoogleTest's way
};

TEST_F(SchedulerTest, LetsNoTimePassByItself) {
  const auto before = scheduler.now();
  plan(seconds(1), "later");
  EXPECT_EQ(scheduler.now(), before);
  EXPECT_THAT(happened, IsEmpty());
}

TEST_F(SchedulerTest, CarriesOutPlansInOrderOfTime) {
  plan(seconds(2), "second");
  plan(seconds(1), "first");
  plan(seconds(3), "third");
  pass(seconds(2));
  EXPECT_THAT(happened, ElementsAre("first", "second"));
}

TEST_F(SchedulerTest, CarriesOutPlansForTheSameMomentInTheOrderOfTheirMaking) {
  for (const auto* name : {"a", "b", "c", "d"}) {
    plan(seconds(1), name);
  }
  pass(seconds(1));
  EXPECT_THAT(happened, ElementsAre("a", "b", "c", "d"));
}

TEST_F(SchedulerTest, ShowsAPlanItsOwnMoment) {
  const auto moment = scheduler.now() + milliseconds(20);
  TimePoint seen;
  scheduler.at(moment, [&] { seen = scheduler.now(); });
  pass(hours(1));
  EXPECT_EQ(seen, moment);
}

TEST_F(SchedulerTest, TakesAMomentOfThePastForNow) {
  pass(seconds(5));
  const auto now = scheduler.now();
  scheduler.at(now - seconds(3), [&] { happened.emplace_back("late"); });
  pass(Duration(0));
  EXPECT_THAT(happened, ElementsAre("late"));
  EXPECT_EQ(scheduler.now(), now);
}

TEST_F(SchedulerTest, PassesToTheDeadlineIfTheConditionNeverHolds) {
  const auto deadline = scheduler.now() + hours(24);
  EXPECT_FALSE(scheduler.pass_until(deadline, [] { return false; }));
  EXPECT_EQ(scheduler.now(), deadline);
}

TEST_F(SchedulerTest, StopsAtTheMomentAtWhichTheConditionHolds) {
  const auto begin = scheduler.now();
  plan(seconds(1), "it");
  plan(seconds(2), "more");
  EXPECT_TRUE(scheduler.pass_until(begin + seconds(9), [&] { return !happened.empty(); }));
  EXPECT_EQ(scheduler.now(), begin + seconds(1));
  EXPECT_THAT(happened, ElementsAre("it"));
}

TEST_F(SchedulerTest, DoesNothingIfTheConditionHoldsAlready) {
  plan(Duration(0), "planned");
  EXPECT_TRUE(scheduler.pass_until(scheduler.now() + seconds(1), [] { return true; }));
  EXPECT_THAT(happened, IsEmpty());
}

TEST_F(SchedulerTest, NeverGoesBackForADeadlineOfThePast) {
  const auto now = scheduler.now();
  scheduler.pass_until(now - seconds(1));
  EXPECT_EQ(scheduler.now(), now);
}

TEST_F(SchedulerTest, ForgetsACancelledPlan) {
  const auto plan = scheduler.in(seconds(1), [&] { happened.emplace_back("cancelled"); });
  scheduler.cancel(plan);
  scheduler.cancel(plan);
  pass(seconds(2));
  EXPECT_THAT(happened, IsEmpty());
}

TEST_F(SchedulerTest, RefusesToWaitWithinAPlan) {
  scheduler.in(seconds(1), [&] { pass(seconds(1)); });
  EXPECT_THROW(pass(seconds(2)), std::logic_error);
}

TEST_F(SchedulerTest, RefusesToWaitForEverForNothing) {
  EXPECT_THROW((void)scheduler.pass_until(TimePoint::max(), [] { return false; }),
               std::logic_error);
}

TEST_F(SchedulerTest, RefusesToStandStill) {
  const std::function<void()> again = [&] { scheduler.in(Duration(0), again); };
  scheduler.in(Duration(0), again);
  EXPECT_THROW(pass(seconds(1)), std::logic_error);
}

}  // namespace
}  // namespace sim
