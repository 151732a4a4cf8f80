#include "agent/posix/log.h"

#include "agent/host/contract/log_contract.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/pipe.h"
#include "agent/posix/testing/proc.h"
#include "agent/posix/testing/test_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace posix {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

class PosixLogWorld final : public host::contract::LogWorld {
 public:
  host::Log& log() override { return log_; }
  std::vector<std::string> logged_lines() override {
    return lines_of(testing::text_of_file(log_file()));
  }
  std::vector<std::string> error_lines(const std::function<void()>& act) override {
    const std::string path = directory_.path() + "/stderr";
    const Descriptor former(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3));
    const Descriptor file(
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
    ::dup2(file.get(), STDERR_FILENO);
    act();
    ::dup2(former.get(), STDERR_FILENO);
    return lines_of(testing::text_of_file(path));
  }
  std::string exit_reason_prefix() override { return "ocf-exit-reason:"; }

  // A FIFO whose reader does not read.
  void jam_log() override {
    ::mkfifo(log_file().c_str(), 0600);
    fifo_ = Descriptor(::open(log_file().c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    const std::array<char, 4096> part = {};
    while (::write(fifo_.get(), part.data(), part.size()) > 0) {
    }
  }

 private:
  [[nodiscard]] std::string log_file() const { return directory_.path() + "/log"; }

  testing::TestDirectory directory_;
  Descriptor fifo_;
  PosixLog log_{ocf::LogSettings{.tag = "test", .log_file = log_file()}};
};

}  // namespace
}  // namespace posix

namespace host::contract {

const WorldFactory<LogWorld> posix_log = {"posix",
                                          [] { return std::make_unique<posix::PosixLogWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Posix, LogContract, testing::Values(posix_log));

}  // namespace host::contract

namespace posix {
namespace {

using host::Level;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

class LogFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string path(const std::string& name) const {
    return directory_.path() + "/" + name;
  }
  [[nodiscard]] std::vector<std::string> lines(const std::string& name) const {
    return lines_of(testing::text_of_file(path(name)));
  }
  void write_all_levels(const ocf::LogSettings& settings) const {
    PosixLog log(settings);
    log.write(Level::debug, "detail");
    log.write(Level::info, "news");
  }

 private:
  testing::TestDirectory directory_;
};

TEST_F(LogFileTest, HasTheFormOfTheShellAgents) {
  PosixLog({.tag = "kamailio(p_kam)[4711]", .log_file = path("log")}).write(Level::info, "up");
  EXPECT_THAT(lines("log"),
              ElementsAre(MatchesRegex("[A-Z][a-z][a-z] [0-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9]"
                                       "  kamailio\\(p_kam\\)\\[4711\\]:    INFO: up")));
}

TEST_F(LogFileTest, HasTheTimeOfTheNode) {
  ::setenv("TZ", "TEST-5:30", 1);
  ::tzset();
  const auto now = [] {
    const std::time_t seconds = std::time(nullptr) + 5 * 3600 + 30 * 60;
    std::tm broken_down = {};
    ::gmtime_r(&seconds, &broken_down);
    std::array<char, 64> text = {};
    return std::string(text.data(),
                       std::strftime(text.data(), text.size(), "%b %d %T", &broken_down));
  };
  std::string line;
  std::string before;
  do {
    before = now();
    PosixLog({.log_file = path("log")}).write(Level::info, "up");
    line = lines("log").back();
  } while (before != now());
  ::unsetenv("TZ");
  ::tzset();
  EXPECT_EQ(line.substr(0, before.size()), before);
}

TEST_F(LogFileTest, GrowsAndIsNotForEverybodyToRead) {
  PosixLog({.log_file = path("log")}).write(Level::info, "first");
  PosixLog({.log_file = path("log")}).write(Level::info, "second");
  EXPECT_THAT(lines("log"), ElementsAre(EndsWith("first"), EndsWith("second")));
  struct stat status = {};
  ASSERT_EQ(::stat(path("log").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0027U, 0U);
}

TEST_F(LogFileTest, HasNoDebugMessages) {
  write_all_levels({.log_file = path("log"), .debug_file = path("debug"), .debug = true});
  EXPECT_THAT(lines("log"), ElementsAre(EndsWith("INFO: news")));
  EXPECT_THAT(lines("debug"), ElementsAre(EndsWith("DEBUG: detail"), EndsWith("INFO: news")));
}

TEST_F(LogFileTest, HasEachMessageOnceIfItIsTheDebugLogToo) {
  write_all_levels({.log_file = path("log"), .debug_file = path("log"), .debug = true});
  EXPECT_THAT(lines("log"), ElementsAre(EndsWith("DEBUG: detail"), EndsWith("INFO: news")));
}

TEST_F(LogFileTest, OfDebugMessagesHasNoneThatNobodyWants) {
  write_all_levels({.debug_file = path("debug")});
  EXPECT_THAT(lines("debug"), ElementsAre(EndsWith("INFO: news")));
}

TEST_F(LogFileTest, StaysEmptyWhileAPersonLooks) {
  ::testing::internal::CaptureStderr();
  PosixLog log({.tag = "tag", .log_file = path("log"), .on_terminal = true});
  log.write(Level::info, "up");
  log.exit_reason(Level::error, "down");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "tag: INFO: up\nocf-exit-reason:down\n");
  EXPECT_THAT(lines("log"), IsEmpty());
}

TEST_F(LogFileTest, IsStandardErrorIfThereIsNone) {
  ::testing::internal::CaptureStderr();
  PosixLog log({.tag = "tag"});
  log.write(Level::info, "up");
  log.exit_reason(Level::error, "down");
  EXPECT_THAT(lines_of(::testing::internal::GetCapturedStderr()),
              ElementsAre(EndsWith("tag:    INFO: up"), "ocf-exit-reason:down"));
}

TEST_F(LogFileTest, HasItsPrefixForTheExitReason) {
  ::testing::internal::CaptureStderr();
  PosixLog({.log_file = path("log"), .exit_reason_prefix = "why:"})
      .exit_reason(Level::error, "down");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "why:down\n");
}

// The reader of standard error has stopped: debug messages must not each wait for it.
TEST_F(LogFileTest, WaitsForTheReaderOfStandardErrorOnce) {
  const auto pipe = *make_pipe();
  ::fcntl(pipe.write_end.get(), F_SETFL, O_NONBLOCK);
  const std::array<char, 4096> part = {};
  while (::write(pipe.write_end.get(), part.data(), part.size()) > 0) {
  }
  ::fcntl(pipe.write_end.get(), F_SETFL, 0);
  const Descriptor former(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3));
  ::dup2(pipe.write_end.get(), STDERR_FILENO);
  const auto begin = std::chrono::steady_clock::now();
  PosixLog log({.tag = "tag"});
  for (int message = 0; message < 30; ++message) {
    log.write(Level::info, "up");
  }
  log.exit_reason(Level::error, "down");
  const auto took = std::chrono::steady_clock::now() - begin;
  ::dup2(former.get(), STDERR_FILENO);
  EXPECT_GE(took, stream_patience);
  EXPECT_LT(took, 8 * stream_patience);
}

}  // namespace
}  // namespace posix
