// The behaviour of main() for every action, tested with the built executable.

#include "agent/kamailio/spec.h"
#include "agent/ocf/metadata.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/testing/proc.h"
#include "agent/posix/testing/test_directory.h"
#include "agent/testing/run_agent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

using namespace std::chrono_literals;
using agent_testing::no_such_instance;
using agent_testing::run_agent;
using posix::Descriptor;
using posix::testing::text_of_file;
using testing::AllOf;
using testing::ContainsRegex;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int not_running = 7;

// Longer than any of these takes on a busy machine, and far from the timeout of 20 s.
constexpr auto soon = 8s;

class MainTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string path(const std::string& name) const {
    return directory_.path() + "/" + name;
  }
  // A program that records what it has inherited, except for `-c`.
  [[nodiscard]] std::string program_that_describes_itself() const {
    std::string program = path("kamailio");
    std::ofstream(program) << "#!/bin/sh\n"
                              "exec 2>&1 >>" +
                                  path("inherited.$1") +
                                  "\n"
                                  "umask\n"
                                  "grep -E '^Sig(Blk|Ign)' /proc/self/status\n"
                                  "cat /proc/$PPID/comm\n"
                                  "[ \"$1\" = -c ]\n";
    std::filesystem::permissions(program, std::filesystem::perms(0755));
    return program;
  }

 private:
  posix::testing::TestDirectory directory_;
};

// The end of a pipe that has no room and that nobody reads.
struct FullPipe {
  posix::Pipe pipe = *posix::make_pipe();
  FullPipe() {
    const int flags = ::fcntl(pipe.write_end.get(), F_GETFL);
    ::fcntl(pipe.write_end.get(), F_SETFL, flags | O_NONBLOCK);
    const std::array<char, 4096> part = {};
    while (::write(pipe.write_end.get(), part.data(), part.size()) > 0) {
    }
    ::fcntl(pipe.write_end.get(), F_SETFL, flags);
  }
};

void limit_file_size(rlim_t bytes) {
  const rlimit limit = {.rlim_cur = bytes, .rlim_max = bytes};
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

void redirect(int stream, const std::string& path) {
  ::dup2(::open(path.c_str(), O_WRONLY | O_CLOEXEC), stream);
}

TEST_F(MainTest, PrintsTheMetadata) {
  const auto run = run_agent("meta-data", {});
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.out, ocf::metadata_xml(kamailio::agent_spec()));
  EXPECT_THAT(run.err, IsEmpty());
}

TEST_F(MainTest, SaysWhyOnStandardErrorAlone) {
  const auto run = run_agent("monitor", no_such_instance());
  EXPECT_EQ(run.code, not_running);
  EXPECT_THAT(run.out, IsEmpty());
  EXPECT_THAT(run.err, AllOf(HasSubstr("ocf-exit-reason:"), EndsWith("\n")));
}

// Standard output.

TEST_F(MainTest, FailsIfTheMetadataDoesNotFit) {
  const auto run = run_agent("meta-data", {}, [] { redirect(STDOUT_FILENO, "/dev/full"); });
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.err, HasSubstr("ocf-exit-reason:cannot write to standard output: No space"));
}

TEST_F(MainTest, FailsIfStandardOutputIsClosed) {
  const auto run = run_agent("meta-data", {}, [] { ::close(STDOUT_FILENO); });
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.err, HasSubstr("ocf-exit-reason:cannot write to standard output"));
}

TEST_F(MainTest, FailsIfTheReaderOfTheMetadataIsGone) {
  auto pipe = *posix::make_pipe();
  pipe.read_end.reset();
  const auto run = run_agent("meta-data", {}, [&] { ::dup2(pipe.write_end.get(), STDOUT_FILENO); });
  EXPECT_EQ(run.code, 1) << "and is not killed by SIGPIPE";
  EXPECT_THAT(run.err, HasSubstr("cannot write to standard output: Broken pipe"));
}

TEST_F(MainTest, FailsSoonIfNobodyReadsTheMetadata) {
  const FullPipe full;
  const auto run =
      run_agent("meta-data", {}, [&] { ::dup2(full.pipe.write_end.get(), STDOUT_FILENO); });
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.err, HasSubstr("cannot write to standard output"));
  EXPECT_LT(run.took, soon);
}

TEST_F(MainTest, NeedsNoStandardOutputWhereItPrintsNothing) {
  EXPECT_EQ(
      run_agent("monitor", no_such_instance(), [] { redirect(STDOUT_FILENO, "/dev/full"); }).code,
      not_running);
}

// Standard error.

TEST_F(MainTest, AnswersWithoutStandardStreams) {
  const auto close_all = [] {
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
      ::close(stream);
    }
  };
  const auto run = run_agent("monitor", no_such_instance({{"HA_LOGFILE", path("log")}}), close_all);
  EXPECT_EQ(run.code, not_running);
  EXPECT_THAT(text_of_file(path("log")), Not(HasSubstr("ocf-exit-reason")));
}

TEST_F(MainTest, AnswersSoonIfNobodyReadsStandardError) {
  const FullPipe full;
  // Debug lines go there as well: the agent waits only once.
  const auto run = run_agent("monitor", no_such_instance({{"HA_debug", "1"}}),
                             [&] { ::dup2(full.pipe.write_end.get(), STDERR_FILENO); });
  EXPECT_EQ(run.code, not_running);
  EXPECT_LT(run.took, soon);
}

TEST_F(MainTest, AnswersIfTheReaderOfStandardErrorIsGone) {
  auto pipe = *posix::make_pipe();
  pipe.read_end.reset();
  const auto run = run_agent("monitor", no_such_instance(),
                             [&] { ::dup2(pipe.write_end.get(), STDERR_FILENO); });
  EXPECT_EQ(run.code, not_running) << "and is not killed by SIGPIPE";
}

TEST_F(MainTest, ShowsNoControlCharactersAndNoBrokenUtf8) {
  const auto run = run_agent("validate-all",
                             no_such_instance({{"OCF_RESKEY_port", "\x9B\xFF\x1B[2J\xC2\x9B\nx"}}));
  EXPECT_THAT(run.err, HasSubstr("?? [2J ; x"));
  for (const std::string piece : {"\x9B", "\xFF", "\x1B", "\xC2"}) {
    EXPECT_THAT(run.err, Not(HasSubstr(piece)));
  }
}

// The log file.

// The other end of a terminal, and the path of the terminal.
struct PseudoTerminal {
  Descriptor master{::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
  std::string path;
  PseudoTerminal() {
    std::array<char, 64> name = {};
    if (::grantpt(master.get()) == 0 && ::unlockpt(master.get()) == 0 &&
        ::ptsname_r(master.get(), name.data(), name.size()) == 0) {
      path = name.data();
    }
  }
};

TEST_F(MainTest, LogsToATerminalOnlyIfThatIsItsStandardError) {
  const PseudoTerminal terminal;
  if (terminal.path.empty()) {
    GTEST_SKIP() << "no terminal can be made here";
  }
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    const std::string log = path("log" + std::to_string(stream));
    const auto run = run_agent("monitor", no_such_instance({{"HA_LOGFILE", log}}), [&] {
      ::dup2(::open(terminal.path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC), stream);
    });
    EXPECT_EQ(run.code, not_running);
    EXPECT_EQ(text_of_file(log).empty(), stream == STDERR_FILENO) << stream;
  }
}

TEST_F(MainTest, SurvivesALogFileAtTheLimitOfItsSize) {
  const auto run = run_agent("monitor", no_such_instance({{"HA_LOGFILE", path("log")}}),
                             [] { limit_file_size(0); });
  EXPECT_EQ(run.code, not_running) << "and is not killed by SIGXFSZ";
  EXPECT_THAT(run.err, HasSubstr("ocf-exit-reason:"));
}

TEST_F(MainTest, AnswersWhateverTheLogFileIs) {
  ::mkfifo(path("fifo").c_str(), 0600);
  for (const auto& log : {path("fifo"), path("."), path("no/such/directory"),
                          std::string("/dev/full"), std::string("/dev/stderr/x")}) {
    for (const std::string variable : {"HA_LOGFILE", "HA_DEBUGLOG"}) {
      const auto run = run_agent("monitor", no_such_instance({{variable, log}, {"HA_debug", "1"}}));
      EXPECT_EQ(run.code, not_running) << log << ": " << run.err;
      EXPECT_THAT(run.err, HasSubstr("ocf-exit-reason:")) << log;
      EXPECT_LT(run.took, soon) << log;
    }
  }
}

// Calls that hang.

// Delays system calls that use a file, as a dead NFS server does. strace itself ends when the delay
// is over, even if the process has ended before.
std::vector<std::string> with_hanging(const std::string& file) {
  return {"/usr/bin/strace",
          "-o",
          "/dev/null",
          "-qq",
          "-P",
          file,
          "-e",
          "inject=openat,newfstatat,statx:delay_enter=8000000"};
}

class HangingMainTest : public MainTest {
 protected:
  void SetUp() override {
    if (::access("/usr/bin/strace", X_OK) != 0) {
      GTEST_SKIP() << "strace is not installed";
    }
  }
};

TEST_F(HangingMainTest, EndsBeforeTheTimeoutIfItsLogFileHangs) {
  std::ofstream(path("log")).flush();
  const auto run = run_agent(
      "validate-all",
      no_such_instance({{"HA_LOGFILE", path("log")},
                        {"OCF_RESKEY_port", "x"},
                        {"OCF_RESKEY_CRM_meta_timeout", "4000"}}),
      [] {}, with_hanging(path("log")));
  EXPECT_EQ(run.code, 6) << "the outcome is known";
  EXPECT_THAT(run.err, HasSubstr("ocf-exit-reason:port=x"));
  EXPECT_LT(run.spoke_after, 7s) << "the wait takes 8 s, and a busy machine its time";
  EXPECT_GT(run.spoke_after, 3s);
}

TEST_F(HangingMainTest, ReportsTheActivityBeforeTheTimeout) {
  const auto run = run_agent(
      "monitor", no_such_instance({{"OCF_RESKEY_CRM_meta_timeout", "4000"}}), [] {},
      with_hanging("/proc/1/cmdline"));
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.err, HasSubstr("ocf-exit-reason:monitor did not end within 3.8 s: blocked "
                                 "while reading /proc/1/cmdline"));
  EXPECT_LT(run.spoke_after, 7s) << "the wait takes 8 s, and a busy machine its time";
}

// The launched process has ended before the first look at it.
TEST_F(HangingMainTest, ReportsTheLastOutputOfALaunchThatFailsAtOnce) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root starts Kamailio";
  }
  const std::string program = path("kamailio");
  std::ofstream(program) << "#!/bin/sh\n"
                            "[ \"$1\" != -P ] || { echo 'ERROR: no more room' >&2; exit 1; }\n";
  std::filesystem::permissions(program, std::filesystem::perms(0755));
  std::ofstream(path("kamailio.cfg")) << "request_route { exit; }\n";
  const auto run = run_agent(
      "start",
      no_such_instance({{"OCF_RESKEY_binary", program},
                        {"OCF_RESKEY_conffile", path("kamailio.cfg")},
                        {"OCF_RESKEY_pidfile", path("run/kamailio.pid")},
                        {"OCF_RESKEY_probe", "builtin"},
                        {"OCF_RESKEY_kamctlrc", ""}}),
      [] {},
      {"/usr/bin/strace", "-o", "/dev/null", "-qq", "-e", "inject=wait4:delay_enter=1000000"});
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.err, HasSubstr("no more room"));
}

// The umask.

TEST_F(MainTest, MakesItsFilesWithModesOfItsOwn) {
  for (const mode_t mask : {0U, 0777U}) {
    const std::string log = path("log" + std::to_string(mask));
    (void)run_agent("monitor", no_such_instance({{"HA_LOGFILE", log}}), [&] { ::umask(mask); });
    struct stat status = {};
    ASSERT_EQ(::stat(log.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0640U) << mask;
  }
}

// Properties that programs inherit. The launched daemon keeps them for months.

// The umask, and no signals blocked or ignored, but for the two of the C library's own that
// posix_spawn(3) ignores.
const char* const nothing_inherited =
    "^0022\nSigBlk:\t0000000000000000\nSigIgn:\t0000000[01][08]0000000\n";

void spoil_what_is_inherited() {
  ::umask(0777);
  for (const int number : {SIGHUP, SIGTERM, SIGUSR1, SIGCHLD, SIGXFSZ, SIGPIPE}) {
    std::signal(number, SIG_IGN);
  }
  sigset_t all;
  ::sigfillset(&all);
  ::sigdelset(&all, SIGALRM);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
}

// "pkill -x kamailio" means the server.
TEST_F(MainTest, HasANameOfItsOwn) {
  std::ofstream(path("kamailio.cfg")) << "request_route { exit; }\n";
  const auto run = run_agent(
      "validate-all", no_such_instance({{"OCF_RESKEY_binary", program_that_describes_itself()},
                                        {"OCF_RESKEY_conffile", path("kamailio.cfg")},
                                        {"OCF_RESKEY_pidfile", ""},
                                        {"OCF_RESKEY_probe", "builtin"},
                                        {"OCF_RESKEY_kamctlrc", ""}}));
  EXPECT_THAT(text_of_file(path("inherited.-c")), HasSubstr("\nocf-kamailio\n")) << run.err;
}

TEST_F(MainTest, GivesKamailioAndHelpersDefaultSignalsAndItsUmask) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root starts Kamailio";
  }
  std::ofstream(path("kamailio.cfg")) << "request_route { exit; }\n";
  const auto run =
      run_agent("start",
                no_such_instance({{"OCF_RESKEY_binary", program_that_describes_itself()},
                                  {"OCF_RESKEY_conffile", path("kamailio.cfg")},
                                  {"OCF_RESKEY_pidfile", path("run/kamailio.pid")},
                                  {"OCF_RESKEY_kamuser", "nobody"},
                                  {"OCF_RESKEY_probe", "builtin"},
                                  {"OCF_RESKEY_kamctlrc", ""}}),
                spoil_what_is_inherited);
  EXPECT_EQ(run.code, 1) << run.err;
  const auto daemon = text_of_file(path("inherited.-P"));
  EXPECT_THAT(daemon, ContainsRegex(nothing_inherited)) << run.err;
  EXPECT_THAT(text_of_file(path("inherited.-c")), ContainsRegex(nothing_inherited)) << run.err;
}

}  // namespace
