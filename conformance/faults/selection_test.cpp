#include "conformance/faults/selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faults {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

std::vector<std::string> names_of(const Trace& trace) {
  std::vector<std::string> names;
  for (const auto& fault : faults_in("stop", trace)) {
    names.push_back(name_of(fault));
  }
  return names;
}

// What a run looks like whose own code makes these calls.
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
