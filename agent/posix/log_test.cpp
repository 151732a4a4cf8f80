#include "agent/posix/log.h"

#include "agent/host/contract/log_contract.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/testing/own_process.h"
#include "agent/posix/testing/proc.h"
#include "agent/posix/testing/test_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace posix {
namespace {

using host::Level;
using ocf::LogSettings;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::SizeIs;
using ::testing::StartsWith;

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

TEST_F(LogFileTest, HasNoDebugMessagesUnlessEnabled) {
  write_all_levels({.debug_file = path("debug")});
  EXPECT_THAT(lines("debug"), ElementsAre(EndsWith("INFO: news")));
}

TEST_F(LogFileTest, StaysEmptyOnATerminal) {
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

// Tests of syslog. Each has a /dev of its own, with a /dev/log in it.

constexpr int daemon_facility = 3 * 8;

void make_dev() {
  if (::unshare(CLONE_NEWNS) != 0 || ::mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("tmpfs", "/dev", "tmpfs", 0, nullptr) != 0) {
    ::_exit(1);
  }
}

Descriptor listen_at_dev_log(int type) {
  Descriptor socket(::socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/dev/log"};
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      (type == SOCK_STREAM && ::listen(socket.get(), 1) != 0)) {
    ::_exit(1);
  }
  return socket;
}

std::optional<std::string> next_message(const Descriptor& socket) {
  std::array<char, 8192> message = {};
  const ssize_t size = ::recv(socket.get(), message.data(), message.size(), 0);
  return size < 0 ? std::nullopt
                  : std::optional(std::string(message.data(), static_cast<std::size_t>(size)));
}

// The lines that a child process writes.
std::vector<std::string> lines_from_child(const std::function<void(int out)>& act) {
  constexpr unsigned longest_seconds = 20;
  auto pipe = *make_pipe();
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(longest_seconds);
    act(pipe.write_end.get());
    ::_exit(0);
  }
  pipe.write_end.reset();
  std::string text;
  std::array<char, 4096> part = {};
  for (ssize_t count = 1; count > 0 || (count < 0 && errno == EINTR);) {
    count = ::read(pipe.read_end.get(), part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(count > 0 ? count : 0));
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

// The messages that a syslog daemon gets.
std::vector<std::string> messages_of(const LogSettings& settings,
                                     const std::function<void(PosixLog&)>& act) {
  return lines_from_child([&](int out) {
    make_dev();
    const auto socket = listen_at_dev_log(SOCK_DGRAM);
    PosixLog log(settings);
    act(log);
    while (const auto message = next_message(socket)) {
      (void)!::write(out, (*message + "\n").c_str(), message->size() + 1);
    }
  });
}

class SyslogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) {
      GTEST_SKIP() << "only root can prepare this";
    }
    const auto can_make_dev = [] {
      make_dev();
      return 0;
    };
    if (testing::result_in_child(can_make_dev) != 0) {
      GTEST_SKIP() << "no mount namespace can be made here, or nothing be mounted in it";
    }
  }

  LogSettings settings_ = {.tag = "kamailio(p_kam)[4711]", .facility = daemon_facility};  // NOLINT
};

// RFC 3164: <facility + severity>Mmm dd hh:mm:ss tag: text.
TEST_F(SyslogTest, GetsFacilityTimeTagLevelAndText) {
  const auto messages = messages_of(settings_, [](PosixLog& log) { log.write(Level::info, "up"); });
  ASSERT_THAT(messages, SizeIs(1));
  EXPECT_THAT(messages[0],
              MatchesRegex("<30>[A-Z][a-z][a-z] [ 1-3][0-9] [0-2][0-9]:[0-5][0-9]:[0-6][0-9] "
                           "kamailio\\(p_kam\\)\\[4711\\]: INFO: up"));
}

TEST_F(SyslogTest, GetsTheSeverityOfEachLevel) {
  settings_.debug = true;
  EXPECT_THAT(messages_of(settings_,
                          [](PosixLog& log) {
                            for (const auto level : {Level::critical, Level::error, Level::warning,
                                                     Level::info, Level::debug}) {
                              log.write(level, "x");
                            }
                          }),
              ElementsAre(AllOf(StartsWith("<26>"), ::testing::EndsWith(": CRIT: x")),
                          AllOf(StartsWith("<27>"), ::testing::EndsWith(": ERROR: x")),
                          AllOf(StartsWith("<28>"), ::testing::EndsWith(": WARNING: x")),
                          AllOf(StartsWith("<30>"), ::testing::EndsWith(": INFO: x")),
                          AllOf(StartsWith("<31>"), ::testing::EndsWith(": DEBUG: x"))));
}

TEST_F(SyslogTest, GetsTheFacilityOfTheCluster) {
  settings_.facility = 23 * 8;
  EXPECT_THAT(messages_of(settings_, [](PosixLog& log) { log.write(Level::error, "x"); }),
              ElementsAre(StartsWith("<187>")));
}

TEST_F(SyslogTest, GetsNoDebugMessagesUnlessEnabled) {
  EXPECT_THAT(messages_of(settings_, [](PosixLog& log) { log.write(Level::debug, "x"); }),
              IsEmpty());
}

TEST_F(SyslogTest, GetsNothingWithoutAFacility) {
  settings_.facility = std::nullopt;
  settings_.log_file = "/dev/file";
  EXPECT_THAT(messages_of(settings_, [](PosixLog& log) { log.write(Level::error, "x"); }),
              IsEmpty());
}

TEST_F(SyslogTest, GetsNothingOnATerminal) {
  settings_.on_terminal = true;
  EXPECT_THAT(messages_of(settings_, [](PosixLog& log) { log.write(Level::error, "x"); }),
              IsEmpty());
}

TEST_F(SyslogTest, GetsTheExitReasonOnce) {
  EXPECT_THAT(
      messages_of(settings_, [](PosixLog& log) { log.exit_reason(Level::warning, "degraded"); }),
      ElementsAre(AllOf(StartsWith("<28>"), ::testing::EndsWith(": WARNING: degraded"))));
}

TEST_F(SyslogTest, GetsOneCleanLine) {
  EXPECT_THAT(
      messages_of(settings_, [](PosixLog& log) { log.write(Level::error, "a\n<0>b\x1B\xFF"); }),
      ElementsAre(::testing::EndsWith(": ERROR: a; <0>b ?")));
}

TEST_F(SyslogTest, DoesNotDelayAnActionIfItDoesNotRead) {
  const auto took = lines_from_child([&](int out) {
    make_dev();
    const auto socket = listen_at_dev_log(SOCK_DGRAM);
    PosixLog log(settings_);
    const auto begin = std::chrono::steady_clock::now();
    constexpr int more_than_fit = 2000;
    for (int message = 0; message < more_than_fit; ++message) {
      log.write(Level::info, std::string(500, 'x'));
    }
    const auto seconds = std::chrono::steady_clock::now() - begin < std::chrono::seconds(10);
    const auto arrived = next_message(socket).has_value();
    (void)!::write(out, seconds && arrived ? "soon" : "late", 4);
  });
  EXPECT_THAT(took, ElementsAre("soon"));
}

// The messages go nowhere else: standard error is for the exit reason.
TEST_F(SyslogTest, MayBeMissingOrNotForDatagrams) {
  for (const bool is_missing : {true, false}) {
    const auto lines = lines_from_child([&](int out) {
      ::dup2(out, STDERR_FILENO);
      make_dev();
      const auto socket = is_missing ? Descriptor() : listen_at_dev_log(SOCK_STREAM);
      PosixLog log(settings_);
      log.write(Level::error, "lost");
      log.exit_reason(Level::error, "seen");
    });
    EXPECT_THAT(lines, ElementsAre("ocf-exit-reason:seen"));
  }
}

}  // namespace
}  // namespace posix
