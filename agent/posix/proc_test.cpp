// What /proc shows of a process, and when it does not show enough.

#include "agent/posix/proc.h"

#include "agent/posix/descriptor.h"
#include "agent/posix/process_table.h"
#include "agent/posix/testing/own_process.h"
#include "agent/posix/testing/proc.h"

#include <gtest/gtest.h>

#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <functional>
#include <string>

namespace posix {
namespace {

constexpr int cannot_be_prepared = 77;

// A child of this process that is ready when this returns, and ends with this object.
class ReadyChild {
 public:
  explicit ReadyChild(const std::function<void()>& prepare) {
    auto ready = *make_pipe();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      prepare();
      ready.write_end.reset();
      for (;;) {
        ::pause();
      }
    }
    ready.write_end.reset();
    char byte = 0;
    (void)!::read(ready.read_end.get(), &byte, 1);
  }
  ReadyChild(const ReadyChild&) = delete;
  ReadyChild& operator=(const ReadyChild&) = delete;
  ~ReadyChild() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  [[nodiscard]] int pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
};

// A program with the set-user-ID bit belongs to the user who has started it.
TEST(ProcTest, TellsRealEffectiveAndSavedUserApart) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root can prepare this";
  }
  const ReadyChild child([] {
    if (::setresuid(1001, 1002, 1003) != 0) {
      ::_exit(1);
    }
  });
  const auto process = PosixProcessTable().find(child.pid());
  ASSERT_TRUE(process) << process.error().text;
  EXPECT_EQ(process->users, (host::UserIds{.real = 1001, .effective = 1002, .saved = 1003}));
}

TEST(ProcTest, TellsAProcessThatATracerHasStopped) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::_exit(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 ? ::raise(SIGSTOP) : 0);
  }
  int status = 0;
  ::waitpid(child, &status, WUNTRACED);
  if (!WIFSTOPPED(status)) {
    GTEST_SKIP() << "processes cannot be traced here";
  }
  const auto process = PosixProcessTable().find(child);
  EXPECT_TRUE(process && process->state == host::ProcessState::stopped);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

// The first process of a PID namespace ends when all in it are reaped, and one that is traced waits
// for its tracer.
TEST(ProcTest, ListsAProcessThatIsExiting) {
  const int result = testing::result_in_child([] {
    if (::unshare(CLONE_NEWPID) != 0) {
      return cannot_be_prepared;
    }
    const pid_t first = ::fork();
    if (first == 0) {
      (void)::fork();
      for (;;) {
        ::pause();
      }
    }
    int traced = 0;
    while (traced == 0) {
      for (const int pid : testing::all_pids()) {
        const auto stat = testing::proc_stat(pid);
        traced = stat && stat->parent == first ? pid : traced;
      }
    }
    if (::ptrace(PTRACE_SEIZE, traced, nullptr, nullptr) != 0) {
      ::kill(first, SIGKILL);
      return cannot_be_prepared;
    }
    ::kill(first, SIGKILL);
    siginfo_t ended = {};
    ::waitid(P_PID, static_cast<id_t>(traced), &ended, WEXITED | WNOWAIT | __WALL);
    PosixProcessTable table;
    bool is_found = false;
    for (int look = 0; look < 500 && !is_found; ++look) {
      ::poll(nullptr, 0, 10);
      const auto found = table.find(first);
      is_found = found && found->state == host::ProcessState::exiting;
    }
    const auto listed = table.list({.argument = "no-such-argument"});
    const bool is_listed = listed && std::ranges::any_of(*listed, [&](const auto& process) {
                             return process.id.pid == first;
                           });
    ::waitpid(traced, nullptr, __WALL);
    return is_found && is_listed ? 0 : is_found ? 1 : 2;
  });
  if (result == cannot_be_prepared) {
    GTEST_SKIP() << "no PID namespaces can be made here, or nothing be traced";
  }
  EXPECT_EQ(result, 0);
}

void limit_descriptors(rlim_t most) {
  for (int descriptor = 3; descriptor < 100; ++descriptor) {
    ::close(descriptor);
  }
  const rlimit limit = {.rlim_cur = most, .rlim_max = most};
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

bool fails(const host::Error& error, const std::string& text = "") {
  return error.kind == host::ErrorKind::failed && error.text.find(text) != std::string::npos;
}

// A node out of descriptors must not look like one where nothing runs.
TEST(ProcTest, CannotBeReadWithoutDescriptors) {
  EXPECT_EQ(testing::result_in_child([] {
              limit_descriptors(4);  // enough to open /proc itself
              const auto listed = PosixProcessTable().list({.argument = "no-such-argument"});
              return !listed && fails(listed.error(), "Too many open files") ? 0 : 1;
            }),
            0);
  EXPECT_EQ(testing::result_in_child([] {
              limit_descriptors(3);
              const auto found = PosixProcessTable().find(::getppid());
              return !found && fails(found.error(), "Too many open files") ? 0 : 1;
            }),
            0);
}

// As in a container that has been given the /proc of its node.
TEST(ProcTest, IsNotBelievedIfItIsThatOfAnotherPidNamespace) {
  const int result = testing::result_in_child([] {
    if (::unshare(CLONE_NEWPID) != 0) {
      return cannot_be_prepared;
    }
    return testing::result_in_child([] {
      const auto found = PosixProcessTable().find(1);
      if (found || !fails(found.error(), "another PID namespace")) {
        return 1;
      }
      const auto listed = PosixProcessTable().list({.argument = "no-such-argument"});
      return !listed && fails(listed.error(), "another PID namespace") ? 0 : 2;
    });
  });
  if (result == cannot_be_prepared) {
    GTEST_SKIP() << "no PID namespaces can be made here";
  }
  EXPECT_EQ(result, 0);
}

// What act returns to an ordinary user, for whom /proc hides the processes of others.
int with_hidden_processes(const std::function<int()>& act) {
  return testing::result_in_child([&] {
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount("", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("proc", "/proc", "proc", 0, "hidepid=2") != 0) {
      return cannot_be_prepared;
    }
    int result = 0;
    testing::act_as_ordinary_user(testing::Ids::all, [&] { result = act(); });
    return result;
  });
}

TEST(ProcTest, IsNotBelievedIfItHidesProcesses) {
  const int result = with_hidden_processes([] {
    const auto found = PosixProcessTable().find(::getppid());
    if (found || !fails(found.error(), "hidepid")) {
      return 1;
    }
    const auto listed = PosixProcessTable().list({.argument = "no-such-argument"});
    return !listed && fails(listed.error(), "hidepid") ? 0 : 2;
  });
  if (result == cannot_be_prepared) {
    GTEST_SKIP() << "no /proc can be mounted here";
  }
  EXPECT_EQ(result, 0);
}

TEST(ProcTest, IsBelievedOfAPidThatNobodyHasEvenIfItHidesProcesses) {
  const int result = with_hidden_processes([] {
    const auto found = PosixProcessTable().find(4'194'304);
    return !found && found.error().kind == host::ErrorKind::not_found ? 0 : 1;
  });
  if (result == cannot_be_prepared) {
    GTEST_SKIP() << "no /proc can be mounted here";
  }
  EXPECT_EQ(result, 0);
}

TEST(ProcTest, ListsNoKernelThread) {
  const auto thread = PosixProcessTable().find(2);
  if (!thread || thread->name != "kthreadd") {
    GTEST_SKIP() << "/proc shows no kernel threads here";
  }
  const auto listed =
      PosixProcessTable().list({.argument = "no-such-argument", .programs = {"kthreadd"}});
  ASSERT_TRUE(listed) << listed.error().text;
  EXPECT_EQ(std::ranges::count(*listed, 2, [](const auto& process) { return process.id.pid; }), 0);
}

bool is_root(gid_t group) { return group == 0; }
bool is_nobody(gid_t /*group*/) { return false; }

std::string proc_with(const std::string& options) {
  return "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
         "25 22 0:5 / /proc rw,nosuid - proc proc rw" +
         options + "\n26 22 0:6 / /sys rw - sysfs sysfs rw\n";
}

TEST(HiddenProcesses, AreThereForNobodyWithoutHidepid) {
  EXPECT_FALSE(hides_processes(proc_with(""), is_nobody));
  EXPECT_FALSE(hides_processes(proc_with(",hidepid=1"), is_nobody));
  EXPECT_FALSE(hides_processes("", is_nobody));
}

TEST(HiddenProcesses, AreShownToTheGroupThatHidepidSpares) {
  for (const auto* mode : {",hidepid=2", ",hidepid=invisible"}) {
    EXPECT_FALSE(hides_processes(proc_with(mode), is_root)) << mode;
    EXPECT_TRUE(hides_processes(proc_with(mode), is_nobody)) << mode;
    EXPECT_TRUE(hides_processes(proc_with(",gid=27" + std::string(mode)), is_root)) << mode;
  }
}

TEST(HiddenProcesses, AreHiddenFromEveryGroupIfOnlyTracersSeeThem) {
  EXPECT_TRUE(hides_processes(proc_with(",hidepid=4"), is_root));
  EXPECT_TRUE(hides_processes(proc_with(",hidepid=ptraceable"), is_root));
}

TEST(HiddenProcesses, AreThoseOfTheLastMount) {
  EXPECT_FALSE(hides_processes(proc_with(",hidepid=4") + proc_with(""), is_root));
  EXPECT_TRUE(hides_processes(proc_with("") + proc_with(",hidepid=4"), is_root));
}

TEST(HiddenProcesses, AreNotAMatterOfOtherMounts) {
  EXPECT_FALSE(hides_processes("9 1 0:5 / /x/proc rw - proc proc rw,hidepid=4\n", is_root));
}

}  // namespace
}  // namespace posix
