#include "agent/posix/close_descriptors.h"

#include "agent/posix/testing/refused_calls.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace posix {
namespace {

// 0 if of 3 to 20 only these are left.
int fault_of_keeping(const std::vector<int>& kept) {
  for (int descriptor = 3; descriptor <= 20; ++descriptor) {
    ::dup2(STDERR_FILENO, descriptor);
  }
  keep_only(kept);
  for (int descriptor = 3; descriptor <= 20; ++descriptor) {
    const bool is_open = ::fcntl(descriptor, F_GETFD) >= 0;
    if (is_open != (std::ranges::find(kept, descriptor) != kept.end())) {
      return descriptor;
    }
  }
  return 0;
}

TEST(KeepOnly, LeavesWhatIsNamedInAnyOrder) {
  for (const auto& kept : {std::vector<int>{}, {3}, {5, 6}, {20, 4, 11}, {7, 3, 20}}) {
    EXPECT_EQ(testing::result_in_child([&] { return fault_of_keeping(kept); }), 0);
  }
}

TEST(KeepOnly, MakesTheStandardStreamsDevNull) {
  EXPECT_EQ(testing::result_in_child([] {
              keep_only({});
              struct stat null = {};
              ::stat("/dev/null", &null);
              for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
                struct stat status = {};
                if (::fstat(stream, &status) != 0 || status.st_rdev != null.st_rdev) {
                  return 1;
                }
              }
              return ::fcntl(3, F_GETFD) < 0 ? 0 : 2;
            }),
            0);
}

}  // namespace
}  // namespace posix
