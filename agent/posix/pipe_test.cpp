#include "agent/posix/pipe.h"

#include "agent/posix/testing/refused_calls.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

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

}  // namespace
}  // namespace posix
