#include "conformance/report/progress.h"

#include "agent/host/testing/fake_clock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>

namespace conformance {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Verdict = Outcome::Verdict;

// Reads the output of a descriptor at its other end.
std::string read_all(int descriptor) {
  fcntl(descriptor, F_SETFL, O_NONBLOCK);
  std::string text;
  std::array<char, 4096> buffer{};
  for (;;) {
    const auto size = read(descriptor, buffer.data(), buffer.size());
    if (size <= 0) {
      return text;
    }
    text.append(buffer.data(), static_cast<std::size_t>(size));
  }
}

class ProgressTest : public ::testing::Test {
 protected:
  ProgressTest() {
    winsize size{.ws_row = 24, .ws_col = 40, .ws_xpixel = 0, .ws_ypixel = 0};
    EXPECT_EQ(openpty(&person_, &terminal_, nullptr, nullptr, &size), 0);
  }
  ~ProgressTest() override {
    close(person_);
    close(terminal_);
  }

  [[nodiscard]] std::string seen() const { return read_all(person_); }
  [[nodiscard]] int terminal() const { return terminal_; }

  static Question question(const std::string& name) { return {.name = name}; }

  host::testing::FakeClock clock;

 private:
  int person_ = -1;
  int terminal_ = -1;
};

TEST(ProgressLineTest, SaysHowFarTheRunHasCome) {
  EXPECT_EQ(
      progress_line({.finished = 123, .total = 331, .failed = 2, .name = "stop-twice [fakes]"}, 80,
                    Colors::none),
      "123/331  2 failed  stop-twice [fakes]");
}

TEST(ProgressLineTest, FitsIntoTheTerminal) {
  const ProgressState state{.finished = 1, .total = 9, .name = "stop-of-orphans"};
  EXPECT_EQ(progress_line(state, 24, Colors::none), "1/9  0 failed  stop-o...");
  EXPECT_EQ(progress_line(state, 16, Colors::none), "1/9  0 failed");
  EXPECT_EQ(progress_line(state, 2, Colors::none), "1/");
  EXPECT_EQ(progress_line(state, 0, Colors::none), "");
}

TEST(ProgressLineTest, ShowsFailuresInRedUnlessNobodyWantsColours) {
  const ProgressState state{.total = 9, .failed = 2};
  EXPECT_EQ(progress_line(state, 80, Colors::ansi), "0/9  \x1b[31m2 failed\x1b[0m");
  EXPECT_EQ(colors_for("1"), Colors::none);
  EXPECT_EQ(colors_for(""), Colors::ansi);
  EXPECT_EQ(colors_for(nullptr), Colors::ansi);
}

TEST_F(ProgressTest, WritesOneLineOverAgain) {
  Progress progress(terminal(), 3, Colors::none, clock);
  progress.begin(question("a-long-name"), "live");
  progress.end(Verdict::failed);
  clock.sleep_until(clock.now() + milliseconds(150));
  progress.begin(question("b"), "live");
  EXPECT_EQ(seen(),
            "\r0/3  0 failed  a-long-name [live]"
            "\r1/3  1 failed  b [live]          ");
}

TEST_F(ProgressTest, WritesTenTimesASecondAtMost) {
  Progress progress(terminal(), 3, Colors::none, clock);
  progress.begin(question("a"), "live");
  progress.end(Verdict::passed);
  progress.begin(question("b"), "live");
  EXPECT_EQ(seen(), "\r0/3  0 failed  a [live]");
  clock.sleep_until(clock.now() + milliseconds(150));
  progress.refresh();
  EXPECT_THAT(seen(), HasSubstr("1/3  0 failed  b [live]"));
}

TEST_F(ProgressTest, FitsIntoATerminalThatIsNarrow) {
  Progress progress(terminal(), 331, Colors::none, clock);
  progress.begin(question(std::string(200, 'x')), "live");
  EXPECT_EQ(seen().size(), 1 + 39U);
}

TEST_F(ProgressTest, MakesRoomForOtherOutput) {
  {
    Progress progress(terminal(), 3, Colors::none, clock);
    progress.begin(question("a"), "live");
    std::string before = seen();
    progress.clear();
    EXPECT_EQ(seen(), "\r" + std::string(before.size() - 1, ' ') + "\r");
    progress.begin(question("b"), "live");
    EXPECT_THAT(seen(), HasSubstr("b [live]"));
  }
  EXPECT_THAT(seen(), AllOf(HasSubstr("\r   "), Not(HasSubstr("live"))));
}

TEST_F(ProgressTest, WritesNothingThatTheTerminalWouldObey) {
  Progress progress(terminal(), 3, Colors::none, clock);
  progress.begin(question("a\x1b[2J\nb"), "live");
  EXPECT_THAT(seen(), AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\n"))));
}

TEST(ProgressWithoutATerminalTest, WritesNothing) {
  std::array<int, 2> pipe_ends{};
  ASSERT_EQ(pipe(pipe_ends.data()), 0);
  const host::testing::FakeClock clock;
  {
    Progress progress(pipe_ends[1], 3, Colors::ansi, clock);
    progress.begin({.name = "a"}, "live");
    progress.end(Verdict::failed);
    progress.clear();
  }
  EXPECT_THAT(read_all(pipe_ends[0]), IsEmpty());
  close(pipe_ends[0]);
  close(pipe_ends[1]);
}

}  // namespace
}  // namespace conformance
