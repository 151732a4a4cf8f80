#include "sim/kernel/task.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <coroutine>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace sim {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Where a task waits until the test lets it go on.
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
