// With WITHOUT_PIDFDS in its environment this test program runs as on Linux 4.18: pidfd_open(2),
// pidfd_send_signal(2) and close_range(2) do not exist. CTest runs the contracts of processes both
// ways.

#include "agent/host/contract/script.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/process_runner.h"
#include "agent/posix/process_table.h"
#include "agent/posix/spawn.h"
#include "agent/posix/testing/own_process.h"
#include "agent/posix/testing/proc.h"
#include "agent/posix/testing/script_arguments.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace posix {
namespace {

using host::contract::Act;

bool is_to_be_without_pidfds() { return std::getenv("WITHOUT_PIDFDS") != nullptr; }

const std::vector<long> newer_calls = {SYS_pidfd_open, SYS_pidfd_send_signal, SYS_close_range};

class OlderKernel final : public ::testing::Environment {
 public:
  void SetUp() override {
    if (is_to_be_without_pidfds()) {
      testing::refuse_calls(newer_calls, ENOSYS);
    }
  }
};

// GoogleTest owns it.
[[maybe_unused]] const auto* const older_kernel =
    ::testing::AddGlobalTestEnvironment(new OlderKernel);  // NOLINT(*-owning-memory)

TEST(WithoutPidfds, TheKernelIsWhatTheEnvironmentSays) {
  const auto pidfd = ::syscall(SYS_pidfd_open, ::getpid(), 0);
  EXPECT_EQ(pidfd < 0, is_to_be_without_pidfds());
  ::close(static_cast<int>(pidfd));
}

host::Command command(const host::contract::Script& script) {
  std::vector<std::string> arguments = {POSIX_TEST_CHILD, "mark"};
  testing::append_arguments(script, arguments);
  return {.arguments = arguments,
          .deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20)};
}

// Whether `act` succeeds well before the deadline of a command() that is created now.
int is_soon_without_pidfds(const std::function<bool()>& act) {
  return testing::result_in_child([&] {
    testing::refuse_calls(newer_calls, ENOSYS);
    const auto begin = std::chrono::steady_clock::now();
    const bool is_right = act();
    return is_right && std::chrono::steady_clock::now() - begin < std::chrono::seconds(15) ? 0 : 1;
  });
}

bool exited_with_3(const host::ProcessResult& result) {
  const auto* const exited = std::get_if<host::Exited>(&result);
  return exited != nullptr && exited->code == 3;
}

// A program that closes its output first, so that the output does not show its end.
const host::contract::Script ends_quietly = {
    {Act::close_output}, {Act::rest, "", 200}, {Act::exit, "", 3}};

TEST(WithoutPidfds, TheEndOfAHelperIsNoticed) {
  EXPECT_EQ(
      is_soon_without_pidfds([] {
        const Environment environment;
        const auto helper = command(ends_quietly);
        return exited_with_3(PosixProcessRunner(environment).run({&helper, 1}, std::nullopt).at(0));
      }),
      0);
}

TEST(WithoutPidfds, TheEndOfALaunchedProgramIsNoticed) {
  EXPECT_EQ(is_soon_without_pidfds([] {
              const Environment environment;
              return exited_with_3(PosixProcessRunner(environment).launch(command(ends_quietly)));
            }),
            0);
}

TEST(WithoutPidfds, TheEndOfTheWatchedProcessIsNoticed) {
  EXPECT_EQ(is_soon_without_pidfds([] {
              const Environment environment;
              const pid_t watched = ::fork();
              if (watched == 0) {
                ::poll(nullptr, 0, 300);
                ::_exit(0);
              }
              const host::ProcessId id = {.pid = watched,
                                          .start_time = testing::proc_stat(watched)->start_time};
              const auto helper = command({{Act::stay}});
              const auto results = PosixProcessRunner(environment).run({&helper, 1}, id);
              return std::holds_alternative<host::Abandoned>(results.at(0));
            }),
            0);
}

TEST(WithoutPidfds, TheEndOfAProcessIsWaitedFor) {
  EXPECT_EQ(is_soon_without_pidfds([] {
              const pid_t child = ::fork();
              if (child == 0) {
                ::poll(nullptr, 0, 300);
                ::_exit(0);
              }
              const std::vector<host::ProcessId> processes = {
                  {.pid = child, .start_time = testing::proc_stat(child)->start_time}};
              return PosixProcessTable()
                  .wait_until_gone(processes,
                                   std::chrono::steady_clock::now() + std::chrono::seconds(20))
                  .empty();
            }),
            0);
}

// Returns 0 if 5 to 7 were closed and nothing else.
int fault_of_closing() {
  for (int descriptor = 3; descriptor < 10; ++descriptor) {
    ::dup2(STDERR_FILENO, descriptor);
  }
  close_descriptors(5, 7);
  for (int descriptor = 3; descriptor < 10; ++descriptor) {
    const bool is_open = ::fcntl(descriptor, F_GETFD) >= 0;
    if (is_open != (descriptor < 5 || descriptor > 7)) {
      return descriptor;
    }
  }
  close_descriptors(3, ~0U);
  return ::fcntl(3, F_GETFD) < 0 && ::fcntl(9, F_GETFD) < 0 && ::fcntl(2, F_GETFD) >= 0 ? 0 : 1;
}

TEST(CloseDescriptors, ClosesOnlyTheRange) {
  EXPECT_EQ(testing::result_in_child(fault_of_closing), 0);
}

TEST(CloseDescriptors, WorksWithoutCloseRangeAndProc) {
  for (const int failure : {ENOSYS, EPERM}) {
    EXPECT_EQ(testing::result_in_child([&] {
                testing::refuse_calls({SYS_close_range}, failure);
                return fault_of_closing();
              }),
              0);
  }
  EXPECT_EQ(testing::result_in_child([] {
              testing::refuse_calls({SYS_close_range, SYS_openat}, ENOSYS);
              return fault_of_closing();
            }),
            0);
}

}  // namespace
}  // namespace posix
