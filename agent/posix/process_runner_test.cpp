#include "agent/posix/process_runner.h"

#include "agent/host/contract/process_runner_contract.h"
#include "agent/posix/clock.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/spawn.h"
#include "agent/posix/testing/own_process.h"
#include "agent/posix/testing/proc.h"
#include "agent/posix/testing/script_arguments.h"
#include "agent/posix/testing/test_directory.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace posix {
namespace {

using host::contract::OtherAgent;
using host::contract::Script;

Environment own_environment() {
  Environment environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view line = *entry;
    environment.emplace(line.substr(0, line.find('=')), line.substr(line.find('=') + 1));
  }
  return environment;
}

// A child of this process that runs only `live`, and ends with this object.
class Child {
 public:
  explicit Child(const std::function<void()>& live) : pid_(::fork()) {
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      live();
      ::_exit(0);
    }
    const auto stat = testing::proc_stat(pid_);
    id_ = {.pid = pid_, .start_time = stat ? stat->start_time : 0};
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { end(); }

  void end() {
    if (!is_reaped_) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
      is_reaped_ = true;
    }
  }

  [[nodiscard]] host::ProcessId id() const { return id_; }

 private:
  pid_t pid_;
  host::ProcessId id_;
  bool is_reaped_ = false;
};

class PosixOtherAgent final : public OtherAgent {
 public:
  explicit PosixOtherAgent(const std::function<void()>& act)
      : child_([&] {
          ::setpgid(0, 0);
          act();
        }) {
    ::setpgid(child_.id().pid, 0);  // whichever of the two comes first
  }

  void kill() override { ::kill(child_.id().pid, SIGKILL); }
  void kill_group() override { ::kill(-child_.id().pid, SIGKILL); }

 private:
  Child child_;
};

class PosixProcessRunnerWorld final : public host::contract::ProcessRunnerWorld {
 public:
  PosixProcessRunnerWorld() {
    const std::string directory = PosixProcessRunnerWorld::directory();
    std::filesystem::create_directory(directory);
    std::filesystem::permissions(directory, std::filesystem::perms::all);
    ::sigprocmask(SIG_BLOCK, nullptr, &former_mask_);
  }
  ~PosixProcessRunnerWorld() override {
    for (const auto& [number, action] : former_actions_) {
      ::sigaction(number, &action, nullptr);
    }
    ::sigprocmask(SIG_SETMASK, &former_mask_, nullptr);
    // A process that is being killed may have started one more.
    for (int round = 0; round < 100 && living() > 0; ++round) {
      for (const int pid : testing::living_with(mark())) {
        ::kill(pid, SIGKILL);
      }
      clock_.sleep_until(clock_.now() + std::chrono::milliseconds(10));
    }
  }

  host::ProcessRunner& runner() override {
    if (!runner_) {
      runner_.emplace(environment_);
    }
    return *runner_;
  }
  host::Clock& clock() override { return clock_; }

  std::vector<std::string> program_that(const Script& script) override {
    std::vector<std::string> arguments = {program_, mark()};
    testing::append_arguments(script, arguments);
    return arguments;
  }
  std::string missing_program() override { return directory_.path() + "/missing"; }
  std::string program_without_execute_bit() override {
    return file("not_executable", "#!/bin/sh\n", 0644);
  }
  std::string program_without_its_interpreter() override {
    return file("no_interpreter", "#!" + missing_program() + "\n", 0755);
  }

  int living() override { return static_cast<int>(testing::living_with(mark()).size()); }

  std::string directory() override { return directory_.path() + "/open"; }
  std::vector<std::string> entries() override {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(directory())) {
      names.push_back(entry.path().filename());
    }
    std::ranges::sort(names);
    return names;
  }

  host::ProcessId process() override {
    return child([] {
      for (;;) {
        ::pause();
      }
    });
  }
  host::ProcessId process_that_ends_after(host::Duration duration) override {
    return child([this, duration] { clock_.sleep_until(clock_.now() + duration); });
  }
  host::ProcessId ended_process() override {
    const auto id = process();
    children_.back()->end();
    return id;
  }
  bool lives(const host::ProcessId& process) override {
    const auto stat = testing::proc_stat(process.pid);
    return testing::lives(process.pid) && stat && stat->start_time == process.start_time;
  }

  void set_variable(const std::string& name, const std::string& value) override {
    environment_[name] = value;
  }
  void open_descriptor_that_survives_exec() override {
    Descriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    surviving_ = Descriptor(::fcntl(null.get(), F_DUPFD, 100));
    null.reset();
    lowest_surviving_ = Descriptor(::dup(STDERR_FILENO));
  }
  void ignore_and_block_signals() override {
    for (const int number : {SIGHUP, SIGINT, SIGPIPE, SIGTERM, SIGUSR1, SIGXFSZ}) {
      ignore(number);
    }
    sigset_t blocked;
    ::sigemptyset(&blocked);
    ::sigaddset(&blocked, SIGTERM);
    ::sigaddset(&blocked, SIGCHLD);
    ::sigaddset(&blocked, SIGUSR2);
    ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
  }
  void ignore_ended_children() override { ignore(SIGCHLD); }

  void without_standard_streams(const std::function<void()>& act) override {
    std::fflush(nullptr);
    std::array<Descriptor, 3> former;
    for (int stream = 0; stream < 3; ++stream) {
      former[static_cast<std::size_t>(stream)] = Descriptor(::fcntl(stream, F_DUPFD_CLOEXEC, 10));
      ::close(stream);
    }
    act();
    for (int stream = 0; stream < 3; ++stream) {
      ::dup2(former[static_cast<std::size_t>(stream)].get(), stream);
    }
  }

  int open_descriptors() override {
    return static_cast<int>(std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                                          std::filesystem::directory_iterator()));
  }
  int children() override {
    return static_cast<int>(std::ranges::count_if(testing::all_pids(), [](int pid) {
      const auto stat = testing::proc_stat(pid);
      return stat && stat->parent == ::getpid();
    }));
  }
  int session() override { return ::getsid(0); }

  std::unique_ptr<OtherAgent> agent_that_runs(const std::vector<host::Command>& helpers) override {
    return std::make_unique<PosixOtherAgent>(
        [this, &helpers] { (void)runner().run(helpers, std::nullopt); });
  }

  bool has_root() override { return ::geteuid() == 0; }
  void as_ordinary_user(const std::function<void()>& act) override {
    testing::act_as_ordinary_user(testing::Ids::all, act);
  }
  void while_signals_arrive(const std::function<void()>& act) override {
    const testing::Interruptions interruptions;
    act();
  }

 private:
  // A text in the arguments of all programs of this world, and of no other process.
  std::string mark() { return "mark-of-" + directory_.path(); }

  std::string file(const std::string& name, const std::string& text, unsigned mode) {
    std::string path = directory_.path() + "/" + name;
    std::ofstream(path) << text;
    std::filesystem::permissions(path, std::filesystem::perms(mode));
    return path;
  }

  host::ProcessId child(const std::function<void()>& live) {
    children_.push_back(std::make_unique<Child>(live));
    return children_.back()->id();
  }

  void ignore(int number) {
    struct sigaction action = {};
    action.sa_handler = SIG_IGN;
    ::sigaction(number, &action, &former_actions_[number]);
  }

  testing::TestDirectory directory_;
  std::string program_ = testing::copy_of_test_child(directory_.path());
  Environment environment_ = own_environment();
  std::optional<PosixProcessRunner> runner_;
  PosixClock clock_;
  std::vector<std::unique_ptr<Child>> children_;
  Descriptor surviving_;
  Descriptor lowest_surviving_;
  std::map<int, struct sigaction> former_actions_;
  sigset_t former_mask_ = {};
};

}  // namespace
}  // namespace posix

namespace host::contract {

const WorldFactory<ProcessRunnerWorld> posix_runner = {
    "posix", [] { return std::make_unique<posix::PosixProcessRunnerWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Posix, HelperResultContract, testing::Values(posix_runner));
INSTANTIATE_TEST_SUITE_P(Posix, HelperOutputContract, testing::Values(posix_runner));
INSTANTIATE_TEST_SUITE_P(Posix, HelperDeadlineContract, testing::Values(posix_runner));
INSTANTIATE_TEST_SUITE_P(Posix, HelpersSideBySideContract, testing::Values(posix_runner));
INSTANTIATE_TEST_SUITE_P(Posix, HelperWatchContract, testing::Values(posix_runner));
INSTANTIATE_TEST_SUITE_P(Posix, HelperDenialContract, testing::Values(posix_runner));
INSTANTIATE_TEST_SUITE_P(Posix, HelperPrivilegeContract, testing::Values(posix_runner));
INSTANTIATE_TEST_SUITE_P(Posix, HelperRemainsContract, testing::Values(posix_runner));
INSTANTIATE_TEST_SUITE_P(Posix, ReplyFifoContract, testing::Values(posix_runner));
INSTANTIATE_TEST_SUITE_P(Posix, KilledAgentContract, testing::Values(posix_runner));
INSTANTIATE_TEST_SUITE_P(Posix, ProcessStartContract, testing::Values(posix_runner));
INSTANTIATE_TEST_SUITE_P(Posix, EnvironmentContract, testing::Values(posix_runner));
INSTANTIATE_TEST_SUITE_P(Posix, LaunchContract, testing::Values(posix_runner));

}  // namespace host::contract
