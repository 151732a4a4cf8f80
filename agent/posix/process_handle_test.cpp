#include "agent/posix/process_handle.h"

#include "agent/posix/testing/own_process.h"
#include "agent/posix/testing/proc.h"

#include <gtest/gtest.h>

#include <linux/sched.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <functional>
#include <future>
#include <thread>
#include <vector>

namespace posix {
namespace {

using host::ErrorKind;

// A child of this process that sleeps until it is ended.
class Sleeper {
 public:
  Sleeper() : pid_(::fork()) {
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (;;) {
        ::pause();
      }
    }
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  ~Sleeper() {
    if (!is_reaped_) {
      ::kill(pid_, SIGKILL);
      reap();
    }
  }

  [[nodiscard]] int pid() const { return pid_; }
  [[nodiscard]] host::ProcessId id() const {
    const auto stat = testing::proc_stat(pid_);
    return {.pid = pid_, .start_time = stat ? stat->start_time : 0};
  }
  // Returns when it is a zombie.
  void await_end() const {
    siginfo_t ignored;
    ::waitid(P_PID, static_cast<id_t>(pid_), &ignored, WEXITED | WNOWAIT);
  }
  void reap() {
    ::waitpid(pid_, nullptr, 0);
    is_reaped_ = true;
  }

 private:
  pid_t pid_;
  bool is_reaped_ = false;
};

// Each test runs as on a kernel with pidfds, as on one without, and as on one where only some of
// the calls work.
class ProcessHandleTest : public ::testing::TestWithParam<std::vector<long>> {
 protected:
  // `claim` returns 0 if it holds.
  static void expect(const std::function<int()>& claim) {
    for (const int failure : {ENOSYS, EPERM}) {
      EXPECT_EQ(testing::result_in_child([&] {
                  testing::refuse_calls(GetParam(), failure);
                  return claim();
                }),
                0);
    }
  }
};

TEST_P(ProcessHandleTest, SignalsItsProcess) {
  expect([] {
    const Sleeper sleeper;
    const auto handle = hold_process(sleeper.pid());
    if (!handle || handle->is_over() || !handle->signal(SIGKILL)) {
      return 1;
    }
    sleeper.await_end();
    return handle->is_over() ? 0 : 2;
  });
}

TEST_P(ProcessHandleTest, HoldsAZombieAndSignalsItWithoutEffect) {
  expect([] {
    const Sleeper sleeper;
    ::kill(sleeper.pid(), SIGKILL);
    sleeper.await_end();
    const auto handle = open_process(sleeper.id());
    return handle && handle->is_over() ? 0 : 1;
  });
}

TEST_P(ProcessHandleTest, KnowsThatItsProcessIsGone) {
  expect([] {
    Sleeper sleeper;
    const auto handle = hold_process(sleeper.pid());
    ::kill(sleeper.pid(), SIGKILL);
    sleeper.reap();
    if (!handle || !handle->is_over()) {
      return 1;
    }
    const auto sent = handle->signal(SIGTERM);
    return !sent && sent.error().kind == ErrorKind::not_found ? 0 : 2;
  });
}

TEST_P(ProcessHandleTest, IsNotOfALaterProcessWithThePid) {
  expect([] {
    const Sleeper sleeper;
    auto id = sleeper.id();
    --id.start_time;
    const auto handle = open_process(id);
    return !handle && handle.error().kind == ErrorKind::not_found ? 0 : 1;
  });
}

// Starts a child with the given pid that sleeps until it is ended: clone3(2), set_tid. Negative if
// that is refused.
pid_t start_with_pid(pid_t pid) {
  clone_args arguments = {};
  arguments.exit_signal = SIGCHLD;
  arguments.set_tid = reinterpret_cast<std::uintptr_t>(&pid);
  arguments.set_tid_size = 1;
  const auto child = static_cast<pid_t>(::syscall(SYS_clone3, &arguments, sizeof arguments));
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
      ::pause();
    }
  }
  return child;
}

TEST_P(ProcessHandleTest, LeavesALaterProcessAloneThatGetsThePidWhileItIsHeld) {
  constexpr int several_ticks_ms = 50;  // start times count in ticks
  expect([] {
    Sleeper sleeper;
    const auto handle = hold_process(sleeper.pid());
    ::kill(sleeper.pid(), SIGKILL);
    sleeper.reap();
    ::poll(nullptr, 0, several_ticks_ms);
    const pid_t later = start_with_pid(sleeper.pid());
    if (later < 0) {
      return errno == EPERM || errno == ENOSYS ? 0 : 3;  // not everybody may
    }
    const bool is_over = handle && handle->is_over();
    const auto sent = handle->signal(SIGKILL);
    ::poll(nullptr, 0, 10);
    const bool lives_on = ::waitpid(later, nullptr, WNOHANG) == 0;
    ::kill(later, SIGKILL);
    if (!is_over) {
      return 1;
    }
    return lives_on && !sent && sent.error().kind == ErrorKind::not_found ? 0 : 2;
  });
}

TEST_P(ProcessHandleTest, IsNotMisledByTheNameOfItsProcess) {
  expect([] {
    ::prctl(PR_SET_NAME, "x) Z 1 (");  // which a child inherits
    const Sleeper sleeper;
    const auto handle = open_process(sleeper.id());
    return handle && !handle->is_over() && handle->signal(0) ? 0 : 1;
  });
}

TEST_P(ProcessHandleTest, IsOfNoThread) {
  expect([] {
    std::promise<int> number;
    std::promise<void> seen;
    std::thread thread([&] {
      number.set_value(::gettid());
      seen.get_future().wait();
    });
    const auto handle = hold_process(number.get_future().get());
    seen.set_value();
    thread.join();
    return !handle && handle.error().kind == ErrorKind::not_found ? 0 : 1;
  });
}

TEST_P(ProcessHandleTest, IsOfNoProcessThatDoesNotExist) {
  expect([] {
    for (const int pid : {0, -1, 4'194'304}) {
      const auto handle = hold_process(pid);
      if (handle || handle.error().kind != ErrorKind::not_found) {
        return 1;
      }
    }
    return 0;
  });
}

TEST_P(ProcessHandleTest, SaysWhatMayNotBeSignalled) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can prepare this";
  }
  expect([] {
    const auto handle = hold_process(::getppid());
    if (!handle || ::setresuid(65534, 65534, 65534) != 0) {
      return 1;
    }
    const auto sent = handle->signal(0);
    return !sent && sent.error().kind == ErrorKind::not_permitted ? 0 : 2;
  });
}

INSTANTIATE_TEST_SUITE_P(Kernels, ProcessHandleTest,
                         ::testing::Values(std::vector<long>{}, std::vector<long>{SYS_pidfd_open},
                                           std::vector<long>{SYS_pidfd_send_signal},
                                           std::vector<long>{SYS_pidfd_open,
                                                             SYS_pidfd_send_signal}));

}  // namespace
}  // namespace posix
