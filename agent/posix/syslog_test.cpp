// What reaches syslog. Each test has a /dev of its own, with a /dev/log in it.

#include "agent/posix/descriptor.h"
#include "agent/posix/log.h"
#include "agent/posix/pipe.h"
#include "agent/posix/testing/refused_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <functional>
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

// What a child process writes.
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

TEST_F(SyslogTest, GetsNoDebugMessagesThatNobodyWants) {
  EXPECT_THAT(messages_of(settings_, [](PosixLog& log) { log.write(Level::debug, "x"); }),
              IsEmpty());
}

TEST_F(SyslogTest, GetsNothingWithoutAFacility) {
  settings_.facility = std::nullopt;
  settings_.log_file = "/dev/file";
  EXPECT_THAT(messages_of(settings_, [](PosixLog& log) { log.write(Level::error, "x"); }),
              IsEmpty());
}

TEST_F(SyslogTest, GetsNothingWhileAPersonLooks) {
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

TEST_F(SyslogTest, DoesNotHoldAnActionIfItDoesNotRead) {
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

// What it would have taken goes nowhere else: standard error is for the exit reason.
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
