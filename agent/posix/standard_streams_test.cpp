#include "agent/posix/standard_streams.h"

#include "agent/posix/testing/refused_calls.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace posix {
namespace {

// 0 if the next file that is opened becomes none of the standard streams, and those that were
// missing fail for what they are there for.
int fault_of_streams() {
  char byte = 0;
  if (const int next = ::open("/", O_PATH); next <= STDERR_FILENO) {
    return 1;
  }
  if (::read(STDIN_FILENO, &byte, 1) >= 0 || errno != EBADF) {
    return 2;
  }
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    if (::write(stream, &byte, 1) >= 0 || errno != EBADF) {
      return 3;
    }
  }
  return 0;
}

void close_all() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    ::close(stream);
  }
}

TEST(MissingStandardStreams, AreOpenedAndFail) {
  EXPECT_EQ(testing::result_in_child([] {
              close_all();
              open_missing_standard_streams();
              return fault_of_streams();
            }),
            0);
}

TEST(MissingStandardStreams, AreOpenedOneByOne) {
  for (int missing = STDIN_FILENO; missing <= STDERR_FILENO; ++missing) {
    EXPECT_EQ(testing::result_in_child([&] {
                ::close(missing);
                open_missing_standard_streams();
                return ::open("/", O_PATH) > STDERR_FILENO ? 0 : 1;
              }),
              0)
        << missing;
  }
}

TEST(MissingStandardStreams, AreReplacedWithoutDevNullToo) {
  EXPECT_EQ(testing::result_in_child([] {
              if (::chroot("/proc/self/fdinfo") != 0) {  // nothing is there by that name
                return 0;                                // only root may
              }
              close_all();
              open_missing_standard_streams();
              return fault_of_streams();
            }),
            0);
}

TEST(PresentStandardStreams, StayWhatTheyAre) {
  EXPECT_EQ(testing::result_in_child([] {
              struct stat before = {};
              struct stat after = {};
              ::fstat(STDERR_FILENO, &before);
              ::close(STDIN_FILENO);
              open_missing_standard_streams();
              ::fstat(STDERR_FILENO, &after);
              return before.st_ino == after.st_ino && before.st_dev == after.st_dev ? 0 : 1;
            }),
            0);
}

}  // namespace
}  // namespace posix
