#include "conformance/node/program.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace node {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

[[noreturn]] void become(std::vector<std::string>& arguments, std::vector<std::string>& environment,
                         const passwd& account, int out, int err) {
  constexpr int not_executed = 127;  // the exit code of a shell
  ::setpgid(0, 0);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::dup2(::open("/dev/null", O_RDONLY), STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  const bool is_that_user = account.pw_uid == ::geteuid();
  const bool is_somebody =
      is_that_user || (::setgroups(1, &account.pw_gid) == 0 && ::setgid(account.pw_gid) == 0 &&
                       ::setuid(account.pw_uid) == 0);
  if (is_somebody && ::chdir("/") == 0) {
    ::execve(arguments.front().c_str(), posix::pointers_to(arguments).data(),
             posix::pointers_to(environment).data());
  }
  ::_exit(not_executed);
}

std::optional<int> ended_by(pid_t pid, Clock::time_point deadline) {
  for (;;) {
    int status = 0;
    if (::waitpid(pid, &status, WNOHANG) == pid) {
      return status;
    }
    if (Clock::now() >= deadline) {
      return std::nullopt;
    }
    std::this_thread::sleep_for(milliseconds(2));
  }
}

std::string text_of(const posix::Descriptor& file) {
  std::string text(static_cast<std::size_t>(::lseek(file.get(), 0, SEEK_END)), '\0');
  const auto size = ::pread(file.get(), text.data(), text.size(), 0);
  text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  return text;
}

}  // namespace

Program::Program()
    : out_(::memfd_create("out", MFD_CLOEXEC)), err_(::memfd_create("err", MFD_CLOEXEC)) {}

Program::End Program::run(std::vector<std::string> arguments, const posix::Environment& environment,
                          const std::string& user, std::chrono::nanoseconds lasts) const {
  const auto* const account = ::getpwnam(user.c_str());
  if (account == nullptr) {
    throw std::runtime_error("unknown user " + user);
  }
  auto variables = posix::environment_lines(environment);
  const auto begin = Clock::now();
  const pid_t pid = ::fork();
  if (pid == 0) {
    become(arguments, variables, *account, out_.get(), err_.get());
  }
  if (pid < 0) {
    throw std::system_error(errno, std::generic_category(), "fork");
  }
  End end{.status = ended_by(pid, begin + lasts), .took = Clock::now() - begin};
  if (!end.status) {
    ::kill(pid, SIGTERM);
    if (!ended_by(pid, Clock::now() + seconds(2))) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
  }
  return end;
}

std::string Program::out() const { return text_of(out_); }
std::string Program::err() const { return text_of(err_); }

}  // namespace node
