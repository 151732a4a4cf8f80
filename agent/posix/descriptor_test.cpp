#include "agent/posix/descriptor.h"

#include "agent/posix/testing/own_process.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <vector>

namespace posix {
namespace {

bool is_closed_on_exec(const Descriptor& end) {
  return (::fcntl(end.get(), F_GETFD) & FD_CLOEXEC) != 0;
}

TEST(PipeTest, IsClosedOnExec) {
  const auto pipe = make_pipe();
  ASSERT_TRUE(pipe);
  EXPECT_TRUE(is_closed_on_exec(pipe->read_end));
  EXPECT_TRUE(is_closed_on_exec(pipe->write_end));
}

TEST(PipeTest, IsClosedOnExecAndNoStandardStreamWhereThoseAreMissing) {
  EXPECT_EQ(testing::result_in_child([] {
              for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
                ::close(stream);
              }
              const auto pipe = make_pipe();
              if (!pipe || pipe->read_end.get() <= STDERR_FILENO ||
                  pipe->write_end.get() <= STDERR_FILENO) {
                return 1;
              }
              return is_closed_on_exec(pipe->read_end) && is_closed_on_exec(pipe->write_end) ? 0
                                                                                             : 2;
            }),
            0);
}

// Returns 0 if only these descriptors of 3 to 20 are left.
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

TEST(KeepOnly, KeepsTheGivenDescriptorsInAnyOrder) {
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

// Returns 0 if the next opened file does not become a standard stream, and if reads and writes of
// the missing streams fail.
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

TEST(PresentStandardStreams, StayOpen) {
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
