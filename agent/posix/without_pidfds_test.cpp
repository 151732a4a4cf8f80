// With WITHOUT_PIDFDS in its environment this test program runs as on Linux 4.18: pidfd_open(2),
// pidfd_send_signal(2) and close_range(2) do not exist. CTest runs the contracts of processes both
// ways.

#include "agent/posix/close_descriptors.h"
#include "agent/posix/testing/refused_calls.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

namespace posix {
namespace {

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

// 0 if it closed 5 to 7 and nothing else.
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

TEST(CloseDescriptors, ClosesTheRangeAlone) {
  EXPECT_EQ(testing::result_in_child(fault_of_closing), 0);
}

TEST(CloseDescriptors, NeedsNoNewKernelAndNoProc) {
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
