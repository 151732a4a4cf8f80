#include "agent/posix/watchdog.h"

#include "agent/base/utf8.h"
#include "agent/posix/activity.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/testing/own_process.h"
#include "agent/posix/testing/proc.h"
#include "agent/posix/testing/test_directory.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

namespace posix {
namespace {

using namespace std::chrono_literals;
using ocf::ExitCode;

[[noreturn]] void hang() {
  for (;;) {
    ::pause();
  }
}

class WatchdogTest : public ::testing::Test {
 protected:
  // Runs `act` in a child with its standard error in a file, and returns how it ended.
  int result_of(const std::function<int()>& act) {
    return testing::result_in_child([&] {
      const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
      ::dup2(file, STDERR_FILENO);
      return act();
    });
  }
  std::string standard_error() { return testing::text_of_file(path_); }

  static host::TimePoint now() { return std::chrono::steady_clock::now(); }

 private:
  testing::TestDirectory directory_;
  std::string path_ = directory_.path() + "/stderr";
};

TEST_F(WatchdogTest, ReportsTheActivity) {
  EXPECT_EQ(result_of([] {
              const Watchdog watchdog("ocf-exit-reason:", "monitor did not end: ", now() + 100ms);
              const Activity activity("reading", "/etc/kamailio/\xFFkamailio\n.cfg");
              hang();
              return 0;
            }),
            1);
  // The text after a line end is treated as another activity.
  EXPECT_EQ(standard_error(), "ocf-exit-reason:monitor did not end: blocked while .cfg\n");
}

TEST_F(WatchdogTest, ReportsThatNoActivityIsKnown) {
  EXPECT_EQ(result_of([] {
              const Watchdog watchdog("why:", "stop did not end: ", now() + 10ms);
              hang();
              return 0;
            }),
            1);
  EXPECT_EQ(standard_error(), "why:stop did not end: the call that blocks is unknown\n");
}

TEST_F(WatchdogTest, ShowsNoControlCharactersAndNoBrokenUtf8) {
  EXPECT_EQ(result_of([] {
              const Watchdog watchdog("why:", "stop did not end: ", now() + 10ms);
              const Activity activity("reading", "/\xFF\x1B[2J\xC2\x9B\xC3\xA9\x7F");
              hang();
              return 0;
            }),
            1);
  EXPECT_EQ(standard_error(), "why:stop did not end: blocked while reading /? [2J \xC3\xA9 \n");
}

// The line has a size limit; the caller chooses the prefix.
TEST_F(WatchdogTest, EndsALongReasonWithAWholeCharacterAndALineEnd) {
  for (const std::size_t size : {100U, 101U}) {
    EXPECT_EQ(result_of([&] {
                Watchdog watchdog(std::string(size, 'p'), "stop did not end: ", now() + 2s);
                std::string reason;
                for (int character = 0; character < 2000; ++character) {
                  reason += "\xC3\xA9";
                }
                watchdog.set_outcome({.code = ExitCode::generic_error, .reason = reason});
                hang();
                return 0;
              }),
              1);
    const auto line = standard_error();
    EXPECT_TRUE(line.ends_with("\n")) << line;
    for (std::string_view rest = line; !rest.empty();) {
      const auto character = base::first_character(rest);
      ASSERT_TRUE(character) << "no UTF-8: " << rest;
      rest.remove_prefix(character->size);
    }
  }
}

TEST_F(WatchdogTest, IsSilentBeforeTheDeadline) {
  EXPECT_EQ(result_of([] {
              Watchdog watchdog("why:", "monitor did not end: ", now() + 20s);
              watchdog.stand_down();
              return 7;
            }),
            7);
  EXPECT_EQ(standard_error(), "");
}

TEST_F(WatchdogTest, IsSilentAfterItHasStoodDown) {
  EXPECT_EQ(result_of([] {
              { const Watchdog watchdog("why:", "monitor did not end: ", now() + 1s); }
              ::poll(nullptr, 0, 1500);
              return 7;
            }),
            7);
  EXPECT_EQ(standard_error(), "");
}

// The log file hangs when the reason is written to it.
TEST_F(WatchdogTest, ReportsAnOutcomeThatIsKnown) {
  EXPECT_EQ(result_of([] {
              Watchdog watchdog("why:", "monitor did not end: ", now() + 2s);
              watchdog.set_outcome({.code = ExitCode::not_running, .reason = "not\nrunning"});
              hang();
              return 0;
            }),
            7);
  EXPECT_EQ(standard_error(), "why:not; running\n");
}

TEST_F(WatchdogTest, ReportsASuccessWithoutText) {
  EXPECT_EQ(result_of([] {
              Watchdog watchdog("why:", "monitor did not end: ", now() + 2s);
              watchdog.set_outcome({});
              hang();
              return 3;
            }),
            0);
  EXPECT_EQ(standard_error(), "");
}

TEST_F(WatchdogTest, EndsEvenIfNobodyReads) {
  EXPECT_EQ(result_of([] {
              const auto pipe = *make_pipe();
              ::fcntl(pipe.write_end.get(), F_SETFL, O_NONBLOCK);
              const std::string part(4096, 'x');
              while (::write(pipe.write_end.get(), part.data(), part.size()) > 0) {
              }
              ::fcntl(pipe.write_end.get(), F_SETFL, 0);
              ::dup2(pipe.write_end.get(), STDERR_FILENO);
              const Watchdog watchdog("why:", "monitor did not end: ", now() + 50ms);
              hang();
              return 0;
            }),
            1);
}

// The guard is a fork of the agent: it must neither hang nor end with the agent's watchdog.
TEST_F(WatchdogTest, DoesNotExistInAForkedProcess) {
  EXPECT_EQ(result_of([] {
              const Watchdog watchdog("why:", "monitor did not end: ", now() + 300ms);
              for (int turn = 0; turn < 100; ++turn) {
                const pid_t child = ::fork();
                if (child == 0) {
                  const std::string allocated(100'000, 'x');
                  ::poll(nullptr, 0, turn == 0 ? 600 : 0);
                  ::_exit(allocated.size() == 100'000 ? 9 : 1);
                }
                int status = 0;
                if (turn == 0) {
                  continue;  // it outlives this process
                }
                ::waitpid(child, &status, 0);
                if (WEXITSTATUS(status) != 9) {
                  return 5;
                }
              }
              hang();
              return 0;
            }),
            1);
  EXPECT_NE(standard_error().find("why:monitor did not end: "), std::string::npos);
}

// The signals 1 to 31 that a thread blocks, as in sigset_t; 0 if there is no other thread.
unsigned long blocked_by_other_thread() {
  constexpr unsigned long standard_signals = 0x7FFFFFFF;
  const std::string name = "SigBlk:\t";
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    if (task.path().filename() != std::to_string(::getpid())) {
      const auto status = testing::text_of_file(task.path() / "status");
      return std::stoul(status.substr(status.find(name) + name.size()), nullptr, 16) &
             standard_signals;
    }
  }
  return 0;
}

TEST_F(WatchdogTest, TakesNoSignalsAndLeavesThoseOfItsProcessAlone) {
  constexpr unsigned long all_but_kill_and_stop = 0x7FFBFEFF;
  EXPECT_EQ(result_of([] {
              sigset_t before;
              sigset_t after;
              ::sigprocmask(SIG_SETMASK, nullptr, &before);
              const Watchdog watchdog("why:", "monitor did not end: ", now() + 20s);
              ::sigprocmask(SIG_SETMASK, nullptr, &after);
              for (int number = 1; number < 32; ++number) {
                if (::sigismember(&before, number) != ::sigismember(&after, number)) {
                  return 1;
                }
              }
              return blocked_by_other_thread() == all_but_kill_and_stop ? 7 : 2;
            }),
            7);
}

// clone3(2) and clone(2), as with RLIMIT_NPROC or without memory.
TEST_F(WatchdogTest, WorksWithoutAThread) {
  EXPECT_EQ(result_of([] {
              testing::refuse_calls({SYS_clone, SYS_clone3}, EAGAIN);
              Watchdog watchdog("why:", "monitor did not end: ", now() + 20s);
              watchdog.stand_down();
              return 7;
            }),
            7);
}

}  // namespace
}  // namespace posix
