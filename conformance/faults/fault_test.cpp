#include "conformance/faults/fault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faults {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

const Fault example = {.case_name = "stop",
                       .process = "agent.1",
                       .call = "openat",
                       .occurrence = 17,
                       .error = "ENOMEM"};

TEST(FaultName, NamesAllParts) { EXPECT_EQ(name_of(example), "stop/agent.1/openat/17/ENOMEM"); }

TEST(FaultName, IsReadBack) { EXPECT_EQ(fault_named(name_of(example)), example); }

TEST(FaultName, IsRefusedIfAPartIsMissing) {
  for (const std::string name :
       {"", "stop", "stop/agent/openat/1", "stop//openat/1/EIO", "stop/agent/openat/1/EIO/more"}) {
    EXPECT_FALSE(fault_named(name)) << name;
  }
}

TEST(FaultName, IsRefusedIfTheOccurrenceIsNoNumberFromOne) {
  for (const std::string number : {"0", "-1", "1x", "x", "99999999999"}) {
    EXPECT_FALSE(fault_named("stop/agent/openat/" + number + "/EIO")) << number;
  }
}

TEST(FaultName, IsQuotedWhenItIsRefused) {
  EXPECT_EQ(fault_named("start").error().text,
            "invalid fault 'start': expected CASE/PROCESS/CALL/OCCURRENCE/ERROR");
}

std::vector<std::string> names_in(const Trace& trace) {
  std::vector<std::string> names;
  for (const auto& process : trace) {
    names.push_back(process.name);
  }
  return names;
}

TEST(Trace, CountsEachCallByItsName) {
  const auto trace =
      trace_of({{7,
                 "openat(AT_FDCWD, \"/a(b\", O_RDONLY) = 3\n"
                 "read(3, \"\", 1) = 0\n"
                 "openat(AT_FDCWD, \"/b\", O_RDONLY) = -1 ENOENT (No such file)\n"}});
  ASSERT_EQ(trace.size(), 1);
  const auto& calls = trace.front().calls;
  ASSERT_EQ(calls.size(), 3);
  EXPECT_EQ(calls[0], (Call{.name = "openat",
                            .occurrence = 1,
                            .text = "openat(AT_FDCWD, \"/a(b\", O_RDONLY) = 3"}));
  EXPECT_EQ(calls[1].name, "read");
  EXPECT_EQ(calls[1].occurrence, 1);
  EXPECT_EQ(calls[2].occurrence, 2);
}

TEST(Trace, LeavesOutSignalsAndTheEnd) {
  const auto trace = trace_of({{7,
                                "--- SIGCHLD {si_signo=SIGCHLD, si_pid=8} ---\n"
                                "strace: Process 7 detached\n"
                                "+++ exited with 0 +++\n"}});
  EXPECT_THAT(trace.front().calls, IsEmpty());
}

// A PID has no meaning in another run, and the order of PIDs has none after a wrap-around.
TEST(Trace, NamesProcessesByTheOrderInWhichTheirParentMakesThem) {
  const auto trace = trace_of({{3, "setsid() = 3\nclone3({flags=CLONE_VM}, 88) = 9\n"},
                               {5, "clone(child_stack=NULL) = 8\nclone(child_stack=NULL) = 3\n"},
                               {8, "setsid() = 8\n"},
                               {9, "chdir(\"/\") = 0\n"}});
  EXPECT_THAT(names_in(trace), ElementsAre("agent", "agent.1", "agent.2", "agent.2.1"));
  EXPECT_EQ(trace[3].calls.front().name, "chdir");
}

TEST(Trace, KnowsThatAForkMayFail) {
  const auto trace = trace_of({{5,
                                "clone(child_stack=NULL) = -1 EAGAIN (Resource)\n"
                                "clone(child_stack=NULL) = 8\n"},
                               {8, "setsid() = 8\n"}});
  EXPECT_THAT(names_in(trace), ElementsAre("agent", "agent.1"));
}

TEST(InjectedCall, IsTheOneThatStraceMarks) {
  EXPECT_EQ(injected_call("openat(1) = 3\nopenat(2) = -1 EIO (I/O error) (INJECTED)\n+++ exited\n"),
            "openat(2) = -1 EIO (I/O error) (INJECTED)");
  EXPECT_EQ(injected_call("openat(1) = 3\n"), "");
}

std::vector<std::string> names_of(const Trace& trace) {
  std::vector<std::string> names;
  for (const auto& fault : faults_in("stop", trace)) {
    names.push_back(name_of(fault));
  }
  return names;
}

// The trace of a run whose own code makes these calls.
std::vector<std::string> selected_of(const std::string& own_calls) {
  return names_of(trace_of({{1, "execve(\"/agent\", [], []) = 0\n" + own_calls}}));
}

TEST(Selection, HasEachErrorForACallThatMayBlockAndMakesADescriptor) {
  EXPECT_THAT(selected_of("openat(AT_FDCWD, \"/a\", O_RDONLY) = 3\n"),
              ElementsAre("stop/agent/openat/1/ENOMEM", "stop/agent/openat/1/EIO",
                          "stop/agent/openat/1/EACCES", "stop/agent/openat/1/EAGAIN",
                          "stop/agent/openat/1/EINTR", "stop/agent/openat/1/EMFILE"));
}

TEST(Selection, InterruptsOnlyWhatWaits) {
  EXPECT_THAT(selected_of("poll([], 0, 10) = 0\n"), Contains("stop/agent/poll/1/EINTR"));
  EXPECT_THAT(selected_of("mkdirat(3, \"a\", 0755) = 0\n"),
              Not(Contains("stop/agent/mkdirat/1/EINTR")));
}

TEST(Selection, RunsOutOfDescriptorsOnlyWhereOneIsMade) {
  EXPECT_THAT(selected_of("socket(AF_INET) = 3\n"), Contains("stop/agent/socket/1/EMFILE"));
  EXPECT_THAT(selected_of("poll([], 0, 10) = 0\n"), Not(Contains("stop/agent/poll/1/EMFILE")));
}

TEST(Selection, HasEachOccurrence) {
  const auto names = selected_of("poll([], 0, 10) = 0\npoll([], 0, 10) = 0\n");
  EXPECT_THAT(names, Contains("stop/agent/poll/1/EIO"));
  EXPECT_THAT(names, Contains("stop/agent/poll/2/EIO"));
}

TEST(Selection, LeavesOutCallsWhoseFailureMeansNothing) {
  EXPECT_THAT(selected_of("getpid() = 1\nbrk(NULL) = 0x1\nclose(3) = 0\nrt_sigaction(SIGPIPE) = 0\n"
                          "restart_syscall(<...>) = 0\nexit_group(0) = ?\n"),
              IsEmpty());
}

TEST(Selection, LeavesOutTheLoaderAndCountsItsCalls) {
  EXPECT_THAT(selected_of("openat(AT_FDCWD, \"/etc/ld.so.cache\", O_RDONLY) = 3\n"
                          "openat(AT_FDCWD, \"/lib/libc.so.6\", O_RDONLY) = 3\n"
                          "munmap(0x1, 2) = 0\n"
                          "mkdirat(3, \"a\", 0755) = 0\nmunmap(0x1, 2) = 0\n"),
              ElementsAre("stop/agent/mkdirat/1/ENOMEM", "stop/agent/mkdirat/1/EIO",
                          "stop/agent/mkdirat/1/EACCES", "stop/agent/mkdirat/1/EAGAIN",
                          "stop/agent/munmap/2/ENOMEM", "stop/agent/munmap/2/EIO",
                          "stop/agent/munmap/2/EACCES", "stop/agent/munmap/2/EAGAIN"));
}

TEST(Selection, HasWhatAForkDoesFromItsFirstCall) {
  EXPECT_THAT(names_of(trace_of({{1, "execve(\"/agent\", [], []) = 0\nclone() = 2\n"},
                                 {2, "setsid() = 2\nexecve(\"/usr/bin/sipsak\", [], []) = 0\n"}})),
              AllOf(Contains("stop/agent.1/setsid/1/EIO"), Contains("stop/agent.1/execve/1/EIO")));
}

}  // namespace
}  // namespace faults
