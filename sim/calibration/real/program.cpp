#include "sim/calibration/real/program.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <system_error>
#include <thread>
#include <variant>

namespace calibration {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr int not_executed = 127;  // as a shell says it

struct Identity {
  uid_t user = 0;
  gid_t group = 0;
};

[[noreturn]] void become(Launch launch, const posix::Environment& environment, Identity identity,
                         int out, int err) {
  // A group of its own, as whoever calls an agent gives it: whoever signals his whole group must
  // not reach those who look on. Groups know no namespaces.
  ::setpgid(0, 0);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  const bool is_somebody = ::setgroups(1, &identity.group) == 0 && ::setgid(identity.group) == 0 &&
                           ::setuid(identity.user) == 0;
  auto lines = posix::environment_lines(environment);
  if (is_somebody && ::chdir("/") == 0) {
    ::execve(launch.arguments.front().c_str(), posix::pointers_to(launch.arguments).data(),
             posix::pointers_to(lines).data());
  }
  ::_exit(not_executed);
}

// Nothing if it has not ended by then.
Ending ending_by(pid_t pid, Clock::time_point deadline) {
  for (;;) {
    int status = 0;
    if (::waitpid(pid, &status, WNOHANG) == pid) {
      if (WIFEXITED(status)) {
        return Exited{WEXITSTATUS(status)};
      }
      return Killed{WTERMSIG(status)};
    }
    if (Clock::now() >= deadline) {
      return {};
    }
    std::this_thread::sleep_for(2ms);
  }
}

bool has_ended(const Ending& ending) { return !std::holds_alternative<std::monostate>(ending); }

std::string text_of(int file) {
  std::string text(static_cast<std::size_t>(::lseek(file, 0, SEEK_END)), '\0');
  const auto size = ::pread(file, text.data(), text.size(), 0);
  text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return text;
}

}  // namespace

// Files and not pipes, since a daemon may keep them open.
Program::Program()
    : out_(::memfd_create("out", MFD_CLOEXEC)), err_(::memfd_create("err", MFD_CLOEXEC)) {}

Program::~Program() {
  ::close(out_);
  ::close(err_);
}

host::Result<Ended> Program::run(const Launch& launch,
                                 const posix::Environment& environment) const {
  const auto* const account = ::getpwnam(launch.user.c_str());
  if (account == nullptr) {
    return tl::unexpected(host::Error{.text = "no user " + launch.user});
  }
  const Identity identity{.user = account->pw_uid, .group = account->pw_gid};
  const auto begin = Clock::now();
  const pid_t pid = ::fork();
  if (pid == 0) {
    become(launch, environment, identity, out_, err_);
  }
  if (pid < 0) {
    return tl::unexpected(host::Error{.text = "fork: " + std::generic_category().message(errno)});
  }
  Ended ended{.ending = ending_by(pid, begin + launch.lasts)};
  ended.took = std::chrono::duration_cast<Duration>(Clock::now() - begin);
  if (!has_ended(ended.ending)) {
    ::kill(pid, SIGTERM);
    if (!has_ended(ending_by(pid, Clock::now() + 2s))) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
    ended.ending.emplace<Hangs>();
  }
  return ended;
}

Printed Program::printed() const {
  return {.out = lines_in(text_of(out_)), .err = lines_in(text_of(err_))};
}

}  // namespace calibration
