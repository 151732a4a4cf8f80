#include "agent/posix/process_table.h"

#include "agent/host/contract/process_table_contract.h"
#include "agent/posix/clock.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/spawn.h"
#include "agent/posix/testing/own_process.h"
#include "agent/posix/testing/proc.h"
#include "agent/posix/testing/test_directory.h"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace posix {
namespace {

using host::contract::Arguments;

// The last thing that a forked child does before it becomes another program.
using Preparation = std::function<void()>;

class PosixProcessTableWorld final : public host::contract::ProcessTableWorld {
 public:
  PosixProcessTableWorld() = default;
  ~PosixProcessTableWorld() override {
    for (const auto& [pid, process] : processes_) {
      if (!process.is_reaped) {
        ::kill(pid, SIGKILL);
        ::waitpid(process.child, nullptr, 0);
      }
    }
    stop_thread_ = true;
    stop_thread_.notify_all();
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  host::ProcessTable& table() override { return table_; }
  host::Clock& clock() override { return clock_; }
  int own_pid() override { return ::getpid(); }
  std::string mark() override { return "mark-of-" + directory_.path(); }

  int start(const Arguments& arguments) override { return start(arguments, {}); }
  int start_with_name(const std::string& name, const Arguments& arguments) override {
    return start(arguments, {{"TEST_CHILD_NAME", name}});
  }
  int start_that_ends_after(host::Duration duration, const Arguments& arguments) override {
    const auto time = std::chrono::ceil<std::chrono::milliseconds>(duration);
    return start(arguments, {{"TEST_CHILD_LIFETIME_MS", std::to_string(time.count())}});
  }
  int start_uninterruptible(const Arguments& arguments) override {
    return start(arguments, {{"TEST_CHILD_UNINTERRUPTIBLE", "1"}});
  }
  int start_of_ordinary_user(const Arguments& arguments) override {
    return start(arguments, {}, [] {
      if (::setresgid(testing::ordinary_id, testing::ordinary_id, testing::ordinary_id) != 0 ||
          ::setresuid(testing::ordinary_id, testing::ordinary_id, testing::ordinary_id) != 0) {
        ::_exit(1);
      }
    });
  }

  int start_in_container(const Arguments& arguments) override {
    return start_in_namespaces(CLONE_NEWPID | CLONE_NEWNS, arguments);
  }

  // A process in between creates the namespaces and reaps the one in them.
  int start_in_namespaces(int namespaces, const Arguments& arguments) {
    const std::string program = new_program();
    auto ready = make_pipe();
    auto number = make_pipe();
    const pid_t child = ::fork();
    if (child == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::unshare(namespaces) != 0) {
        ::_exit(1);
      }
      const pid_t inner = ::fork();
      if (inner == 0) {
        execute(program, arguments, {}, ready->write_end.get());
      }
      (void)!::write(number->write_end.get(), &inner, sizeof inner);
      ready->write_end.reset();
      ::waitpid(inner, nullptr, 0);
      ::_exit(0);
    }
    number->write_end.reset();
    pid_t inner = 0;
    if (::read(number->read_end.get(), &inner, sizeof inner) != sizeof inner) {
      throw std::runtime_error("no inner PID namespace");
    }
    return record(inner, {.child = child, .program = program}, *std::move(ready));
  }

  int start_thread() override {
    std::promise<int> number;
    thread_ = std::thread([&] {
      number.set_value(::gettid());
      stop_thread_.wait(false);
    });
    return number.get_future().get();
  }

  std::string program_of(int pid) override { return processes_.at(pid).program; }
  void delete_program_of(int pid) override { std::filesystem::remove(program_of(pid)); }

  void stop(int pid) override {
    ::kill(pid, SIGSTOP);
    ::waitpid(pid, nullptr, WUNTRACED);
  }
  void make_zombie(int pid) override {
    ::kill(pid, SIGKILL);
    siginfo_t ignored;
    ::waitid(P_PID, static_cast<id_t>(pid), &ignored, WEXITED | WNOWAIT);
  }
  void end(int pid) override {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    processes_.at(pid).is_reaped = true;
  }
  bool lives(int pid) override { return testing::lives(pid); }

  bool has_root() override { return ::geteuid() == 0; }
  std::uint32_t ordinary_user() override { return testing::ordinary_id; }
  bool has_containers() override {
    const pid_t child = ::fork();
    if (child == 0) {
      ::_exit(::unshare(CLONE_NEWPID | CLONE_NEWNS) == 0 ? 0 : 1);
    }
    int status = 0;
    return ::waitpid(child, &status, 0) == child && status == 0;
  }
  void as_ordinary_user(const std::function<void()>& act) override {
    testing::act_as_ordinary_user(testing::Ids::all, act);
  }
  void while_signals_arrive(const std::function<void()>& act) override {
    const testing::Interruptions interruptions;
    act();
  }

 private:
  struct Started {
    pid_t child = 0;  // to wait for: the process itself, or its parent in between
    std::string program;
    bool is_reaped = false;
  };

  // Each process has a program file of its own, which a test can delete.
  std::string new_program() {
    const std::string directory = directory_.path() + "/" + std::to_string(processes_.size());
    std::filesystem::create_directory(directory);
    return testing::copy_of_test_child(directory);
  }

  int start(
      const Arguments& arguments, Environment environment, const Preparation& prepare = [] {}) {
    const std::string program = new_program();
    auto ready = make_pipe();
    const pid_t child = ::fork();
    if (child == 0) {
      prepare();
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      execute(program, arguments, std::move(environment), ready->write_end.get());
    }
    return record(child, {.child = child, .program = program}, *std::move(ready));
  }

  [[noreturn]] static void execute(const std::string& program, const Arguments& arguments,
                                   Environment environment, int ready) {
    ::fcntl(ready, F_SETFD, 0);
    environment["TEST_CHILD_READY"] = std::to_string(ready);
    Arguments all = {program};
    all.insert(all.end(), arguments.begin(), arguments.end());
    auto lines = environment_lines(environment);
    ::execve(program.c_str(), pointers_to(all).data(), pointers_to(lines).data());
    ::_exit(1);
  }

  // The program closes its end of the pipe when it is ready.
  int record(int pid, Started started, Pipe ready) {
    processes_[pid] = std::move(started);
    ready.write_end.reset();
    char byte = 0;
    while (::read(ready.read_end.get(), &byte, 1) < 0 && errno == EINTR) {
    }
    return pid;
  }

  testing::TestDirectory directory_;
  std::map<int, Started> processes_;
  std::atomic<bool> stop_thread_ = false;
  std::thread thread_;
  PosixProcessTable table_;
  PosixClock clock_;
};

class PosixProcessTableTest : public ::testing::Test {
 protected:
  PosixProcessTableWorld world;  // NOLINT: GoogleTest's way
};

TEST_F(PosixProcessTableTest, TellsOfAProcessInAPidNamespaceBelowThatHasTheMountsOfTheAgent) {
  if (!world.has_root() || !world.has_containers()) {
    GTEST_SKIP() << "needs root and PID namespaces";
  }
  const int pid = world.start_in_namespaces(CLONE_NEWPID, {world.mark()});
  const auto found = world.table().find(pid);
  ASSERT_TRUE(found) << found.error().text;
  EXPECT_EQ(found->pid_namespace, host::PidNamespace::inner);
  const auto listed = world.table().list({.argument = world.mark()});
  ASSERT_TRUE(listed) << listed.error().text;
  EXPECT_THAT(*listed, ::testing::Contains(*found));
  EXPECT_TRUE(world.table().send(found->id, host::Signal::kill));
}

TEST_F(PosixProcessTableTest, TellsTheTracerWhicheverOfItsThreadsTraces) {
  for (const bool by_main_thread : {true, false}) {
    const int pid = world.start({});
    EXPECT_EQ(world.table().find(pid)->tracer, 0);
    const auto trace = [&] {
      EXPECT_EQ(::ptrace(PTRACE_SEIZE, pid, nullptr, nullptr), 0);
      EXPECT_EQ(world.table().find(pid)->tracer, ::getpid());
    };
    if (by_main_thread) {
      trace();
    } else {
      std::thread(trace).join();
    }
  }
}

// An ordinary user cannot compare its mounts with the agent's.
TEST_F(PosixProcessTableTest, TellsOfAProcessInAPidNamespaceBelowIfItsMountsCannotBeKnown) {
  if (!world.has_root() || !world.has_containers()) {
    GTEST_SKIP() << "needs root and PID namespaces";
  }
  const int pid = world.start_in_container({world.mark()});
  world.as_ordinary_user([&] {
    const auto found = world.table().find(pid);
    ASSERT_TRUE(found) << found.error().text;
    EXPECT_EQ(found->pid_namespace, host::PidNamespace::inner);
  });
}

// proc(5), comm: the kernel cuts it after 15 bytes.
TEST_F(PosixProcessTableTest, ListsAProcessOfOthersByItsNameHoweverLongThatOfTheProgramIs) {
  if (!world.has_root()) {
    GTEST_SKIP() << "only root can prepare this";
  }
  const std::vector<std::string> names = {"server", "server-with-a-long-name"};
  for (const auto& name : names) {
    const int pid = world.start_with_name(name, {"argument"});
    world.as_ordinary_user([&] {
      const auto listed = world.table().list({.argument = world.mark(), .programs = {name}});
      ASSERT_TRUE(listed) << listed.error().text;
      EXPECT_EQ(
          std::ranges::count(*listed, pid, [](const auto& process) { return process.id.pid; }), 1)
          << name;
    });
  }
}

// The process has its program before its command line. Any other agent that starts at the same time
// is named kamailio, too.
TEST_F(PosixProcessTableTest, TellsTheCommandLineOfAProgramThatIsJustExecuted) {
  constexpr int processes = 200;
  for (int i = 0; i < processes; ++i) {
    const int pid = ::fork();
    if (pid == 0) {
      ::execl("/bin/true", "true", nullptr);
      ::_exit(1);
    }
    for (auto found = world.table().find(pid); found && found->state != host::ProcessState::zombie;
         found = world.table().find(pid)) {
      ASSERT_TRUE(found->state == host::ProcessState::exiting || !found->arguments.empty());
    }
    ::waitpid(pid, nullptr, 0);
  }
}

// An ending process loses its program and its command line first, although they are readable. So
// does another agent that ends at the same time, which is named kamailio, too.
TEST_F(PosixProcessTableTest, TellsAProcessThatEndsWhileItIsLookedAt) {
  constexpr int processes = 100;
  for (int i = 0; i < processes; ++i) {
    const int pid = ::fork();
    if (pid == 0) {
      if (i % 2 == 0) {
        std::thread(::pause).detach();
      }
      ::_exit(0);
    }
    for (auto found = world.table().find(pid); found && found->state != host::ProcessState::zombie;
         found = world.table().find(pid)) {
      ASSERT_TRUE(found->state == host::ProcessState::exiting || !found->executable.empty());
    }
    ::waitpid(pid, nullptr, 0);
  }
}

// Its state is Z, but its descriptors stay open.
TEST_F(PosixProcessTableTest, CallsNoProcessAZombieOfWhichAThreadLives) {
  const int pid = ::fork();
  if (pid == 0) {
    std::thread([] {
      for (;;) {
        ::pause();
      }
    }).detach();
    ::syscall(SYS_exit, 0);
  }
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  auto found = world.table().find(pid);
  while (found && !found->arguments.empty() && std::chrono::steady_clock::now() < deadline) {
    found = world.table().find(pid);
  }
  ASSERT_TRUE(found) << found.error().text;
  EXPECT_THAT(found->arguments, ::testing::IsEmpty());
  EXPECT_EQ(found->state, host::ProcessState::running);
  const auto listed = world.table().list({.argument = "such an argument has nobody"});
  ASSERT_TRUE(listed) << listed.error().text;
  EXPECT_THAT(*listed, ::testing::Contains(*found));
  EXPECT_TRUE(world.table().send(found->id, host::Signal::kill));
  EXPECT_THAT(world.table().wait_until_gone({&found->id, 1}, deadline), ::testing::IsEmpty());
  ::waitpid(pid, nullptr, 0);
}

// Any user can create many of them.
TEST_F(PosixProcessTableTest, TakesNoLongerForManyProcessesWithoutMainThread) {
  constexpr int processes = 100;
  std::vector<int> pids;
  for (int i = 0; i < processes; ++i) {
    pids.push_back(::fork());
    if (pids.back() == 0) {
      std::thread([] {
        for (;;) {
          ::pause();
        }
      }).detach();
      ::syscall(SYS_exit, 0);
    }
  }
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(world.table().list({.argument = "such an argument has nobody"}));
  // 41 ms for each of them would be 4 s.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
  for (const int pid : pids) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
}

TEST_F(PosixProcessTableTest, ListsAnIllegibleProcessByTheNameOfItsProgram) {
  const int pid = world.start_with_name("overwritten", {"argument"});
  const auto listed = world.table().list({.argument = world.mark(), .programs = {"test_child"}});
  ASSERT_TRUE(listed) << listed.error().text;
  EXPECT_EQ(std::ranges::count(*listed, pid, [](const auto& process) { return process.id.pid; }),
            1);
}

}  // namespace
}  // namespace posix

namespace host::contract {

const WorldFactory<ProcessTableWorld> posix_processes = {
    "posix", [] { return std::make_unique<posix::PosixProcessTableWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Posix, ProcessFindContract, testing::Values(posix_processes));
INSTANTIATE_TEST_SUITE_P(Posix, ProcessListContract, testing::Values(posix_processes));
INSTANTIATE_TEST_SUITE_P(Posix, ProcessSignalContract, testing::Values(posix_processes));
INSTANTIATE_TEST_SUITE_P(Posix, ProcessWaitContract, testing::Values(posix_processes));
INSTANTIATE_TEST_SUITE_P(Posix, ProcessOwnershipContract, testing::Values(posix_processes));
INSTANTIATE_TEST_SUITE_P(Posix, ProcessSecrecyContract, testing::Values(posix_processes));
INSTANTIATE_TEST_SUITE_P(Posix, ContainerFindContract, testing::Values(posix_processes));
INSTANTIATE_TEST_SUITE_P(Posix, ContainerSignalContract, testing::Values(posix_processes));

}  // namespace host::contract
