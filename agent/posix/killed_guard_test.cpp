// What is left of a helper whose guard is killed, by an administrator or for want of memory:
// nothing.

#include "agent/host/contract/script.h"
#include "agent/posix/clock.h"
#include "agent/posix/environment.h"
#include "agent/posix/process_runner.h"
#include "agent/posix/testing/proc.h"
#include "agent/posix/testing/script_arguments.h"
#include "agent/posix/testing/test_directory.h"

#include <gtest/gtest.h>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace posix {
namespace {

using namespace std::chrono_literals;
using host::contract::Act;
using host::contract::Script;

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

  // Runs the helpers, and kills the guard of the first when it has so many processes.
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
  // In a child of the process that runs the helpers.
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
