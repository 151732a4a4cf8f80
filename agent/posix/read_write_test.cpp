#include "agent/posix/read_write.h"

#include "agent/posix/descriptor.h"
#include "agent/posix/testing/own_process.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <future>
#include <string>
#include <thread>
#include <utility>

namespace posix {
namespace {

using namespace std::chrono_literals;

// A program that writes faster than the agent reads must not block it.
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

// Writes until there is no more room, and leaves the end in blocking mode.
void fill(const Descriptor& end) {
  const int flags = ::fcntl(end.get(), F_GETFL);
  ::fcntl(end.get(), F_SETFL, flags | O_NONBLOCK);
  const std::array<char, 4096> part = {};
  while (::write(end.get(), part.data(), part.size()) > 0 || ::write(end.get(), "x", 1) > 0) {
  }
  ::fcntl(end.get(), F_SETFL, flags);
}

std::string read_to_end(const Descriptor& end) {
  std::string text;
  std::array<char, 65536> part = {};
  for (ssize_t count = 1; count > 0 || (count < 0 && errno == EINTR);) {
    count = ::read(end.get(), part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(count > 0 ? count : 0));
  }
  return text;
}

Pipe pair_of_sockets() {
  std::array<int, 2> ends = {-1, -1};
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
  return {.read_end = Descriptor(ends[0]), .write_end = Descriptor(ends[1])};
}

TEST(PatientWrite, WritesAllThatTheReaderTakes) {
  const std::string text(1'000'000, 'x');
  for (const bool is_socket : {false, true}) {
    auto pipe = is_socket ? pair_of_sockets() : *make_pipe();
    const testing::Interruptions interruptions;
    std::thread writer([&] {
      EXPECT_TRUE(write_patiently(pipe.write_end.get(), text, 20s));
      pipe.write_end.reset();
    });
    EXPECT_EQ(read_to_end(pipe.read_end), text);
    writer.join();
  }
}

TEST(PatientWrite, GivesUpWhereNobodyReads) {
  for (const bool is_socket : {false, true}) {
    const auto pipe = is_socket ? pair_of_sockets() : *make_pipe();
    fill(pipe.write_end);
    const auto begin = std::chrono::steady_clock::now();
    const auto written = write_patiently(pipe.write_end.get(), "lost", 200ms);
    const auto took = std::chrono::steady_clock::now() - begin;
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error(), ETIMEDOUT);
    EXPECT_GE(took, 200ms);
    EXPECT_LT(took, 10s);
    EXPECT_EQ(::fcntl(pipe.write_end.get(), F_GETFL) & O_NONBLOCK, 0) << "others share it";
  }
}

// An interruption by a signal does not end the wait.
TEST(PatientWrite, ContinuesAfterSignals) {
  const auto pipe = *make_pipe();
  fill(pipe.write_end);
  const testing::Interruptions interruptions;
  const auto written = write_patiently(pipe.write_end.get(), "lost", 200ms);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error(), ETIMEDOUT);
}

// There is room for a part of the text, and a write of all of it would wait for the rest.
TEST(PatientWrite, GivesUpWhereNobodyReadsToTheEnd) {
  EXPECT_EQ(testing::result_in_child([] {
              const auto pipe = *make_pipe();
              const auto written =
                  write_patiently(pipe.write_end.get(), std::string(1'000'000, 'x'), 200ms);
              return !written && written.error() == ETIMEDOUT ? 0 : 1;
            }),
            0);
}

TEST(PatientWrite, WaitsForTheReader) {
  auto pipe = *make_pipe();
  fill(pipe.write_end);
  std::thread reader([&] {
    std::this_thread::sleep_for(100ms);
    EXPECT_TRUE(read_to_end(pipe.read_end).ends_with("seen"));
  });
  EXPECT_TRUE(write_patiently(pipe.write_end.get(), "seen", 20s));
  pipe.write_end.reset();
  reader.join();
}

TEST(PatientWrite, ReturnsTheError) {
  std::signal(SIGPIPE, SIG_IGN);
  const Descriptor full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  EXPECT_EQ(write_patiently(full.get(), "lost", 1s).error(), ENOSPC);
  const Descriptor directory(::open("/", O_PATH | O_CLOEXEC));
  EXPECT_EQ(write_patiently(directory.get(), "lost", 1s).error(), EBADF);
  auto pipe = *make_pipe();
  pipe.read_end.reset();
  EXPECT_EQ(write_patiently(pipe.write_end.get(), "lost", 1s).error(), EPIPE);
  std::signal(SIGPIPE, SIG_DFL);
}

TEST(PatientWrite, OfAnEmptyTextNeedsNoReader) {
  const auto pipe = *make_pipe();
  fill(pipe.write_end);
  EXPECT_TRUE(write_patiently(pipe.write_end.get(), "", 0s));
}

}  // namespace
}  // namespace posix
