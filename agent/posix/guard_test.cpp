// Resources of a guard, and runs whose guard hangs.

#include "agent/posix/guard.h"

#include "agent/host/contract/script.h"
#include "agent/posix/clock.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/process_runner.h"
#include "agent/posix/spawn.h"
#include "agent/posix/testing/own_process.h"
#include "agent/posix/testing/proc.h"
#include "agent/posix/testing/script_arguments.h"
#include "agent/posix/testing/test_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace posix {
namespace {

using host::contract::Act;
using host::contract::Script;
using ::testing::Contains;
using ::testing::Not;
using namespace std::chrono_literals;

// The target of an open descriptor of a process, such as "pipe:[4711]".
std::string descriptor_target(int pid, const std::string& number) {
  std::array<char, 256> target = {};
  const std::string path = "/proc/" + std::to_string(pid) + "/fd/" + number;
  const ssize_t size = ::readlink(path.c_str(), target.data(), target.size());
  return {target.data(), static_cast<std::size_t>(size > 0 ? size : 0)};
}

class GuardTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string path(const std::string& name) const {
    return directory_.path() + "/" + name;
  }
  [[nodiscard]] host::Command command(const Script& script, host::Duration time = 30s) const {
    std::vector<std::string> arguments = {program_, mark()};
    testing::append_arguments(script, arguments);
    return {.arguments = arguments, .deadline = std::chrono::steady_clock::now() + time};
  }

  // Runs a helper, and calls `act` with its guard as soon as the helper has written path("ready").
  // A run that does not end is ended 20 s later.
  host::ProcessResult run_and_act(const host::Command& helper,
                                  const std::function<void(int guard)>& act,
                                  const std::optional<host::ProcessId>& while_alive = {}) {
    std::atomic<bool> is_over = false;
    std::thread actor([&] {
      const int guard = guard_of_helper(is_over);
      if (guard > 0) {
        act(guard);
      }
      for (int look = 0; look < 2000 && !is_over; ++look) {
        std::this_thread::sleep_for(10ms);
      }
      if (!is_over) {
        ::kill(guard, SIGKILL);
      }
    });
    auto results = PosixProcessRunner(environment_).run({&helper, 1}, while_alive);
    is_over = true;
    actor.join();
    return results.at(0);
  }

  // Ends a guard that has been stopped, and its helper.
  void end(int guard) const {
    ::kill(guard, SIGKILL);
    ::waitpid(guard, nullptr, 0);
    for (const int pid : testing::living_with(mark())) {
      ::kill(pid, SIGKILL);
    }
  }

  [[nodiscard]] Script ready_and(const host::contract::Step& step) const {
    return {{Act::write_out, "text"}, {Act::make_file, path("ready")}, step};
  }

 private:
  [[nodiscard]] std::string mark() const { return "mark-of-" + directory_.path(); }

  int guard_of_helper(const std::atomic<bool>& is_over) const {
    while (!is_over) {
      for (const int pid : testing::living_with(mark())) {
        const auto helper = testing::proc_stat(pid);
        if (helper && std::filesystem::exists(path("ready" + std::to_string(pid)))) {
          return helper->parent;
        }
      }
      std::this_thread::sleep_for(5ms);
    }
    return 0;
  }

  testing::TestDirectory directory_;
  std::string program_ = testing::copy_of_test_child(directory_.path());
  Environment environment_;
};

// A process that waits until this one's descriptors are closed, as Pacemaker does for standard
// error, must not wait for the guard of a helper that hangs.
TEST_F(GuardTest, HoldsNothingOfTheAgent) {
  const auto pipe = *make_pipe();
  const auto own = descriptor_target(::getpid(), std::to_string(pipe.write_end.get()));
  std::vector<std::string> held;
  std::vector<std::string> streams;
  const auto result =
      run_and_act(command(ready_and({Act::await_file, path("go")})), [&](int guard) {
        for (const auto& entry :
             std::filesystem::directory_iterator("/proc/" + std::to_string(guard) + "/fd")) {
          held.push_back(descriptor_target(guard, entry.path().filename()));
        }
        for (const std::string stream : {"0", "1", "2"}) {
          streams.push_back(descriptor_target(guard, stream));
        }
        std::ofstream(path("go")).flush();
      });
  EXPECT_TRUE(std::holds_alternative<host::Exited>(result));
  EXPECT_THAT(held, Not(Contains(own)));
  EXPECT_EQ(streams, std::vector<std::string>(3, "/dev/null"));
}

// A guard whose helper hangs in the kernel behaves like this.
TEST_F(GuardTest, IsGivenUpIfItHangsAfterTheDeadline) {
  int stopped = 0;
  const auto result = run_and_act(command(ready_and({Act::stay}), 4s), [&](int guard) {
    stopped = guard;
    ::kill(guard, SIGSTOP);
  });
  EXPECT_EQ(result, host::ProcessResult(host::TimedOut{.output = {.out = "text", .err = ""}}));
  end(stopped);
}

TEST_F(GuardTest, IsGivenUpIfItHangsWhenTheWatchedProcessIsGone) {
  const pid_t watched = ::fork();
  if (watched == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
      ::pause();
    }
  }
  int stopped = 0;
  const auto result = run_and_act(
      command(ready_and({Act::stay}), 60s),
      [&](int guard) {
        stopped = guard;
        ::kill(guard, SIGSTOP);
        ::kill(watched, SIGKILL);
      },
      host::ProcessId{.pid = watched, .start_time = testing::proc_stat(watched)->start_time});
  EXPECT_EQ(result, host::ProcessResult(host::Abandoned{.output = {.out = "text", .err = ""}}));
  end(stopped);
  ::waitpid(watched, nullptr, 0);
}

// For example, there is no free descriptor. Then the end of the process is not noticed.
TEST_F(GuardTest, RunsItsHelperThoughTheProcessToBeWatchedCannotBeHeld) {
  EXPECT_EQ(testing::result_in_child([&] {
              const host::ProcessId watched = {
                  .pid = ::getppid(), .start_time = testing::proc_stat(::getppid())->start_time};
              testing::refuse_calls({SYS_pidfd_open}, EMFILE);
              const auto helper = command({{Act::rest, "", 100}, {Act::exit, "", 3}});
              const auto results = PosixProcessRunner(Environment()).run({&helper, 1}, watched);
              const auto* const exited = std::get_if<host::Exited>(&results.at(0));
              return exited != nullptr && exited->code == 3 ? 0 : 1;
            }),
            0);
}

class PosixLaunchTest : public GuardTest {};

// SIGKILL by the cluster goes to the group of the agent.
TEST_F(PosixLaunchTest, StaysInTheProcessGroupOfTheAgent) {
  Environment environment;
  const auto result = PosixProcessRunner(environment).launch(command({{Act::describe}}));
  const auto* const exited = std::get_if<host::Exited>(&result);
  ASSERT_NE(exited, nullptr);
  auto description = host::contract::description_from(exited->output.out);
  EXPECT_EQ(description["group"], std::to_string(::getpgrp()));
}

class ReplyFifoRemoval : public ::testing::Test {
 protected:
  [[nodiscard]] std::string prefix() const { return directory_.path() + "/reply_"; }
  [[nodiscard]] std::string path() const { return prefix() + "4711"; }
  [[nodiscard]] static bool exists(const std::string& path) {
    struct stat status = {};
    return ::lstat(path.c_str(), &status) == 0;
  }

 private:
  testing::TestDirectory directory_;
};

TEST_F(ReplyFifoRemoval, LeavesAFifoOfAnotherUser) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can prepare this";
  }
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  ASSERT_EQ(::chown(path().c_str(), testing::ordinary_id, testing::ordinary_id), 0);
  remove_reply_fifo(prefix(), 4711);
  EXPECT_TRUE(exists(path()));
}

TEST_F(ReplyFifoRemoval, LeavesALinkToAFifo) {
  const std::string fifo = prefix() + "of_somebody";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  ASSERT_EQ(::symlink(fifo.c_str(), path().c_str()), 0);
  remove_reply_fifo(prefix(), 4711);
  EXPECT_TRUE(exists(path()));
  EXPECT_TRUE(exists(fifo));
}

// The remains of a helper whose guard is killed, by an administrator or for want of memory: there
// are none.
class KilledGuardTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string mark(const std::string& name) const {
    return name + "-of-" + directory_.path();
  }
  [[nodiscard]] host::Command helper(const std::string& name, const Script& script) const {
    std::vector<std::string> arguments = {program_, mark(name)};
    testing::append_arguments(script, arguments);
    return {.arguments = arguments,
            .deadline = clock_.now() + 30s,
            .reply_fifo_prefix = directory_.path() + "/reply_"};
  }
  [[nodiscard]] std::size_t living(const std::string& name) const {
    return testing::living_with(mark(name)).size();
  }
  [[nodiscard]] bool has_fifo() const {
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
      if (entry.path().filename().string().starts_with("reply_")) {
        return true;
      }
    }
    return false;
  }

  // Runs the helpers, and kills the guard of the first one when it has so many processes.
  std::vector<host::ProcessResult> run_and_kill_guard(const std::vector<host::Command>& helpers,
                                                      std::size_t processes) {
    // No thread: the sanitizer's allocator may be locked by it when a guard is forked.
    const pid_t killer = ::fork();
    if (killer == 0) {
      ::_exit(kills_guard(helpers.front().arguments.at(1), processes) ? 0 : 1);
    }
    auto results = runner_.run(helpers, std::nullopt);
    int status = 0;
    ::waitpid(killer, &status, 0);
    EXPECT_EQ(status, 0) << "the helper has not become what it should be, or has no guard";
    return results;
  }

 private:
  // Called in a child of the process that runs the helpers.
  [[nodiscard]] bool kills_guard(const std::string& mark, std::size_t processes) const {
    for (int look = 0; look < 1000; ++look) {
      const auto pids = testing::living_with(mark);
      if (pids.size() == processes && has_fifo()) {
        return kills_guard_of(pids);
      }
      std::this_thread::sleep_for(10ms);
    }
    return false;
  }

  // The child of the process that runs the helpers from which they descend.
  [[nodiscard]] static bool kills_guard_of(const std::vector<int>& pids) {
    for (const int pid : pids) {
      const auto helper = testing::proc_stat(pid);
      const auto guard = helper ? testing::proc_stat(helper->parent) : std::nullopt;
      if (guard && guard->parent == ::getppid()) {
        return ::kill(helper->parent, SIGKILL) == 0;
      }
    }
    return false;
  }

  testing::TestDirectory directory_;
  std::string program_ = testing::copy_of_test_child(directory_.path());
  Environment environment_;
  PosixProcessRunner runner_{environment_};
  PosixClock clock_;

 protected:
  const Script family_ = {// NOLINT: GoogleTest's way
                          {Act::write_out, "so far"},
                          {Act::make_fifo, directory_.path() + "/reply_"},
                          {Act::start_child, "", 0, {{Act::ignore_terminate}, {Act::stay}}},
                          {Act::start_session, "", 0, {{Act::stay}}},
                          {Act::start_daemon, "", 0, {{Act::ignore_terminate}, {Act::stay}}},
                          {Act::stay}};
};

TEST_F(KilledGuardTest, LeavesNeitherProcessesNorTheFifo) {
  const auto results = run_and_kill_guard({helper("first", family_)}, 4);
  EXPECT_EQ(living("first"), 0U);
  EXPECT_FALSE(has_fifo());
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0],
            host::ProcessResult(host::Signaled{.signal = SIGKILL, .output = {.out = "so far"}}));
  siginfo_t child = {};
  EXPECT_NE(::waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT), 0) << "a child is left";
}

TEST_F(KilledGuardTest, DoesNotConcernOtherHelpers) {
  const auto results = run_and_kill_guard(
      {helper("first", family_), helper("second", {{Act::start_child, "", 0, {{Act::stay}}},
                                                   {Act::rest, "", 1500},
                                                   {Act::exit, "", 3}})},
      4);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[1], host::ProcessResult(host::Exited{.code = 3, .output = {}}));
  EXPECT_EQ(living("first"), 0U);
  EXPECT_EQ(living("second"), 0U);
}

TEST_F(KilledGuardTest, DoesNotConcernOtherChildren) {
  const pid_t other = ::fork();
  if (other == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
      ::pause();
    }
  }
  (void)run_and_kill_guard({helper("first", family_)}, 4);
  EXPECT_TRUE(testing::lives(other));
  ::kill(other, SIGKILL);
  ::waitpid(other, nullptr, 0);
}

TEST_F(KilledGuardTest, IsNoReasonToAdoptADaemonLater) {
  (void)run_and_kill_guard({helper("first", family_)}, 4);
  int is_subreaper = 1;
  ::prctl(PR_GET_CHILD_SUBREAPER, &is_subreaper);
  EXPECT_EQ(is_subreaper, 0);
}

}  // namespace
}  // namespace posix
