// The program that the tests start: see agent/host/contract/script.h for what it can be told to do.
//
//   posix_test_child MARK STEP...   takes the steps; the mark only names its processes
//   posix_test_child ANYTHING...    with TEST_CHILD_READY in its environment: sleeps

#include "agent/host/contract/script.h"
#include "agent/posix/testing/script_arguments.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <set>
#include <string>
#include <string_view>

namespace {

using host::contract::Act;
using host::contract::Description;
using host::contract::Script;
using host::contract::Step;

// Limits how long a process that a test forgot can live.
constexpr unsigned longest_life_seconds = 60;

int ready_descriptor = -1;  // closed when this process is ready
std::string path_to_touch;  // the file that the signal handler creates
constexpr int usage_error = 99;

[[noreturn]] void stay() {
  for (;;) {
    ::pause();
  }
}

void tell_ready() {
  if (ready_descriptor >= 0) {
    ::close(ready_descriptor);
    ready_descriptor = -1;
  }
}

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno != EINTR) {
      ::_exit(usage_error);
    }
    text.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
  }
}

void rest(int milliseconds) {
  timespec left = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1'000'000L};
  while (::nanosleep(&left, &left) < 0 && errno == EINTR) {
  }
}

std::string link_target(const char* path) {
  std::array<char, 4096> target = {};
  const ssize_t length = ::readlink(path, target.data(), target.size());
  return {target.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
}

std::string open_descriptors() {
  DIR* const directory = ::opendir("/proc/self/fd");
  if (directory == nullptr) {
    return "unknown";
  }
  std::set<int> numbers;
  while (const dirent* const entry = ::readdir(directory)) {
    if (const int number = std::atoi(entry->d_name);
        entry->d_name[0] != '.' && number != ::dirfd(directory)) {
      numbers.insert(number);
    }
  }
  ::closedir(directory);
  std::string text;
  for (const int number : numbers) {
    text += std::to_string(number) + " ";
  }
  return text;
}

Description description() {
  std::string ignored;
  std::string blocked;
  sigset_t mask;
  ::sigprocmask(SIG_BLOCK, nullptr, &mask);
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action = {};
    if (::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN) {
      ignored += std::to_string(number) + " ";
    }
    if (::sigismember(&mask, number) == 1) {
      blocked += std::to_string(number) + " ";
    }
  }
  Description found = {
      {"working directory", link_target("/proc/self/cwd")},
      {"standard input", link_target("/proc/self/fd/0")},
      {"descriptors", open_descriptors()},
      {"ignored signals", ignored},
      {"blocked signals", blocked},
      {"pid", std::to_string(::getpid())},
      {"session", std::to_string(::getsid(0))},
      {"group", std::to_string(::getpgrp())},
  };
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view line = *entry;
    const auto end = line.find('=');
    found["variable " + std::string(line.substr(0, end))] = line.substr(end + 1);
  }
  return found;
}

[[noreturn]] void take(const Script& script);

// Returns when the new process is ready, or has ended.
void start(const Step& step) {
  std::array<int, 2> ready = {-1, -1};
  if (::pipe2(ready.data(), O_CLOEXEC) != 0) {
    ::_exit(usage_error);
  }
  const pid_t child = ::fork();
  if (child != 0) {
    ::close(ready[1]);
    char byte = 0;
    while (::read(ready[0], &byte, 1) < 0 && errno == EINTR) {
    }
    ::close(ready[0]);
    if (step.act == Act::start_daemon) {
      ::waitpid(child, nullptr, 0);
    }
    return;
  }
  ::close(ready[0]);
  tell_ready();  // only the parent's own copy counts
  ready_descriptor = ready[1];
  if (step.act != Act::start_child) {
    ::setsid();
  }
  if (step.act == Act::start_daemon && ::fork() != 0) {
    ::_exit(0);
  }
  ::alarm(longest_life_seconds);
  std::signal(SIGTERM, SIG_DFL);
  take(step.steps);
}

void meet(const Step& step) {
  ::mkfifo(step.text.c_str(), 0600);
  ::close(::open(step.text.c_str(), step.number == 0 ? O_RDONLY : O_WRONLY));
}

[[noreturn]] void die(int number) {
  const rlimit no_core = {.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  std::signal(number, SIG_DFL);
  ::kill(::getpid(), number);
  stay();
}

void touch(const std::string& path) {
  ::close(::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
}

void await_file(const std::string& path) {
  while (::access(path.c_str(), F_OK) != 0) {
    rest(5);
  }
}

void take(const Step& step) {
  const std::string name_with_pid = step.text + std::to_string(::getpid());
  switch (step.act) {
    case Act::write_out:
      return write_all(STDOUT_FILENO, step.text);
    case Act::write_err:
      return write_all(STDERR_FILENO, step.text);
    case Act::fill_out:
      return write_all(STDOUT_FILENO,
                       host::contract::filler(static_cast<std::size_t>(step.number)));
    case Act::fill_err:
      return write_all(STDERR_FILENO,
                       host::contract::filler(static_cast<std::size_t>(step.number)));
    case Act::flood_out:
      tell_ready();
      for (const std::string line(4096, 'y');;) {
        write_all(STDOUT_FILENO, line);
      }
    case Act::close_output:
      ::close(STDOUT_FILENO);
      ::close(STDERR_FILENO);
      return;
    case Act::write_pid:
      return write_all(STDOUT_FILENO, std::to_string(::getpid()));
    case Act::describe:
      return write_all(STDOUT_FILENO, host::contract::text_of(description()));
    case Act::exit:
      ::_exit(step.number);
    case Act::die:
      die(step.number);
    case Act::rest:
      return rest(step.number);
    case Act::stay:
      tell_ready();
      stay();
    case Act::stop:
      tell_ready();
      ::raise(SIGSTOP);
      return;
    case Act::meet:
      return meet(step);
    case Act::await_file:
      return await_file(step.text);
    case Act::ignore_terminate:
      std::signal(SIGTERM, SIG_IGN);
      return;
    case Act::touch_at_terminate:
      path_to_touch = step.text;
      std::signal(SIGTERM, [](int) {
        touch(path_to_touch);
        ::_exit(0);
      });
      return;
    case Act::make_fifo:
      ::mkfifo(name_with_pid.c_str(), 0600);
      return;
    case Act::make_file:
      return touch(name_with_pid);
    case Act::start_child:
    case Act::start_session:
    case Act::start_daemon:
      return start(step);
  }
}

void take(const Script& script) {
  for (const auto& step : script) {
    take(step);
  }
  ::_exit(0);
}

// A process is in the state D while it waits for a child of vfork(2). The child must not touch
// anything here: it shares this memory.
[[noreturn]] void wait_inside_kernel() {
  // NOLINTBEGIN(clang-analyzer-security.insecureAPI.vfork, clang-analyzer-unix.Vfork)
  const pid_t parent = ::getpid();
  if (::vfork() == 0) {
    ::alarm(longest_life_seconds);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (::getppid() == parent) {  // it may have ended before the request
      ::pause();
    }
    ::_exit(0);
  }
  // NOLINTEND(clang-analyzer-security.insecureAPI.vfork, clang-analyzer-unix.Vfork)
  ::_exit(0);
}

[[noreturn]] void sleep_as_told(int ready) {
  if (const char* const name = std::getenv("TEST_CHILD_NAME"); name != nullptr) {
    ::prctl(PR_SET_NAME, name);
  }
  ::close(ready);
  if (std::getenv("TEST_CHILD_UNINTERRUPTIBLE") != nullptr) {
    wait_inside_kernel();
  }
  if (const char* const lifetime = std::getenv("TEST_CHILD_LIFETIME_MS"); lifetime != nullptr) {
    rest(std::atoi(lifetime));
    ::_exit(0);
  }
  stay();
}

}  // namespace

int main(int argc, char** argv) {
  ::alarm(longest_life_seconds);
  if (const char* const ready = std::getenv("TEST_CHILD_READY"); ready != nullptr) {
    sleep_as_told(std::atoi(ready));
  }
  if (argc < 2) {
    return usage_error;
  }
  take(posix::testing::script_from({argv + 2, argv + argc}));
}
