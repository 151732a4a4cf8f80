#include "conformance/faults/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace faults {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

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

// A pid says nothing in another run, and the order of pids nothing where they wrap around.
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

}  // namespace
}  // namespace faults
