#include "sim/kernel/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <coroutine>
#include <functional>
#include <memory>
#include <optional>
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

class WaitListTest : public testing::Test {
 protected:
  WaitList::Place join(const std::string& name) {
    return list->join([this, name] { told.push_back(name); });
  }

  std::optional<WaitList> list = WaitList();  // NOLINT: GoogleTest's way
  std::vector<std::string> told;              // NOLINT: GoogleTest's way
};

TEST_F(WaitListTest, TellsAllInTheOrderOfTheirJoining) {
  const auto first = join("first");
  const auto second = join("second");
  list->notify();
  list->notify();
  EXPECT_THAT(told, ElementsAre("first", "second", "first", "second"));
}

TEST_F(WaitListTest, DoesNotTellThoseWhoHaveLeft) {
  { const auto place = join("gone"); }
  auto moved = join("moved");
  moved = join("in its place");
  list->notify();
  EXPECT_THAT(told, ElementsAre("in its place"));
}

TEST_F(WaitListTest, DoesNotTellThoseWhoLeaveMeanwhile) {
  std::optional<WaitList::Place> second;
  const auto first = list->join([&] { second.reset(); });
  second = join("left");
  list->notify();
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(WaitListTest, DoesNotTellThoseWhoJoinMeanwhile) {
  std::vector<WaitList::Place> places;
  places.push_back(list->join([&] { places.push_back(join("new")); }));
  list->notify();
  EXPECT_THAT(told, IsEmpty());
}

TEST_F(WaitListTest, MayEndBeforeThePlacesInIt) {
  const auto place = join("anybody");
  list.reset();
  EXPECT_THAT(told, IsEmpty());
}

// A point at which a task waits until the test continues it.
class Stop {
 public:
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) { waiting_ = waiting; }
  void await_resume() const noexcept {}

  void go_on() const { waiting_.resume(); }

 private:
  std::coroutine_handle<> waiting_;
};

struct Journal {
  std::vector<std::string> lines;
  Stop stop;
};

Task<int> wait_and_return(Journal& journal, int value) {
  journal.lines.emplace_back("begins");
  co_await journal.stop;
  journal.lines.emplace_back("ends");
  co_return value;
}

Task<int> double_of(Journal& journal, int value) {
  co_return 2 * co_await wait_and_return(journal, value);
}

TEST(TaskTest, DoesNothingBeforeItIsStarted) {
  Journal journal;
  const auto task = wait_and_return(journal, 1);
  EXPECT_THAT(journal.lines, IsEmpty());
}

TEST(TaskTest, RunsToTheFirstWait) {
  Journal journal;
  const auto task = wait_and_return(journal, 1);
  task.start();
  EXPECT_THAT(journal.lines, ElementsAre("begins"));
  EXPECT_FALSE(task.is_done());
}

TEST(TaskTest, GoesOnWithWhatItAwaits) {
  Journal journal;
  const auto task = double_of(journal, 21);
  task.start();
  EXPECT_FALSE(task.is_done());
  journal.stop.go_on();
  ASSERT_TRUE(task.is_done());
  EXPECT_EQ(task.result(), 42);
  EXPECT_THAT(journal.lines, ElementsAre("begins", "ends"));
}

Task<void> fail(Journal& journal) {
  co_await journal.stop;
  throw std::runtime_error("failed");
}

Task<void> pass_on(Journal& journal) { co_await fail(journal); }

TEST(TaskTest, PassesOnWhatIsThrown) {
  Journal journal;
  const auto task = pass_on(journal);
  task.start();
  journal.stop.go_on();
  ASSERT_TRUE(task.is_done());
  EXPECT_THROW(task.result(), std::runtime_error);
}

Task<void> hold(Journal& journal, std::shared_ptr<int> held) {
  co_await journal.stop;
  *held = 1;
}

Task<void> hold_within(Journal& journal, std::shared_ptr<int> held) {
  co_await hold(journal, std::move(held));
}

TEST(TaskTest, EndsInTheMiddleOfAWaitWithItsObject) {
  Journal journal;
  const auto held = std::make_shared<int>(0);
  {
    const auto task = hold_within(journal, held);
    task.start();
    EXPECT_GT(held.use_count(), 1);
  }
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(*held, 0);
}

Task<int> count_down(int from) {
  int sum = 0;
  for (int i = 0; i < from; ++i) {
    sum += co_await [](int value) -> Task<int> { co_return value; }(1);
  }
  co_return sum;
}

TEST(TaskTest, AwaitsAMillionOthersWithoutUsingUpTheStack) {
  const auto task = count_down(1'000'000);
  task.start();
  ASSERT_TRUE(task.is_done());
  EXPECT_EQ(task.result(), 1'000'000);
}

}  // namespace
}  // namespace sim
