#include "agent/posix/capture.h"

#include "agent/posix/pipe.h"
#include "agent/posix/testing/refused_calls.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <utility>

namespace posix {
namespace {

// A program that writes faster than it is read must not hold the agent.
TEST(CaptureTest, ReturnsFromAnOutputThatNeverEnds) {
  EXPECT_EQ(testing::result_in_child([] {
              Capture capture(Descriptor(::open("/dev/zero", O_RDONLY | O_CLOEXEC)));
              capture.read_available();
              return capture.text().size() == 64UL * 1024 && capture.descriptor() >= 0 ? 0 : 1;
            }),
            0);
}

// poll(2) returns at once for as long as a descriptor is at its end.
TEST(CaptureTest, HasNothingToPollAtTheEndOfTheOutput) {
  auto pipe = *make_pipe();
  ASSERT_EQ(::write(pipe.write_end.get(), "text", 4), 4);
  pipe.write_end.reset();
  Capture capture(std::move(pipe.read_end));
  EXPECT_GE(capture.descriptor(), 0);
  capture.read_available();
  EXPECT_EQ(capture.descriptor(), -1);
  EXPECT_EQ(capture.text(), "text");
}

TEST(CaptureTest, DoesNotWaitForTheEndOfTheOutput) {
  auto pipe = *make_pipe();
  std::promise<void> has_returned;
  std::thread writer([&] {
    (void)has_returned.get_future().wait_for(std::chrono::seconds(5));
    pipe.write_end.reset();
  });
  Capture capture(std::move(pipe.read_end));
  capture.read_available();
  EXPECT_GE(capture.descriptor(), 0);
  has_returned.set_value();
  writer.join();
}

}  // namespace
}  // namespace posix
