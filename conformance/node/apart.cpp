#include "conformance/node/apart.h"

#include "agent/posix/descriptor.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <exception>
#include <fstream>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace node {
namespace {

void write_all(const posix::Descriptor& file, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(file.get(), text.data(), text.size());
    if (count < 0 && errno != EINTR) {
      return;
    }
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
}

posix::Pipe pipe_or_throw() {
  auto pipe = posix::make_pipe();
  if (!pipe) {
    throw std::runtime_error(pipe.error().text);
  }
  return *std::move(pipe);
}

void tell_kernel(const std::string& file, const std::string& text) {
  std::ofstream stream(file);
  if (!(stream << text << std::flush)) {
    throw std::system_error(errno, std::generic_category(), file);
  }
}

// user_namespaces(7): there is only one user, and groups cannot be dropped.
void become_root(uid_t user, gid_t group) {
  tell_kernel("/proc/self/setgroups", "deny");
  tell_kernel("/proc/self/uid_map", "0 " + std::to_string(user) + " 1\n");
  tell_kernel("/proc/self/gid_map", "0 " + std::to_string(group) + " 1\n");
}

// Whether a process in another namespace has died, which getppid(2) cannot detect.
bool has_died(const posix::Descriptor& process) {
  pollfd death = {.fd = process.get(), .events = POLLIN, .revents = 0};
  return ::poll(&death, 1, 0) != 0;
}

int deaths_of_init = -1;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

void note(const Death& death) { (void)!::write(deaths_of_init, &death, sizeof death); }

// Ends with the player; the kernel then ends the others.
[[noreturn]] void reap(pid_t player, const posix::Descriptor& deaths) {
  deaths_of_init = deaths.get();
  for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGUSR2}) {
    std::signal(signal, [](int number) { note({.pid = 1, .signal = number}); });
  }
  for (;;) {
    // Recorded before the process is reaped, so that its end is always known afterwards.
    siginfo_t end = {};
    if (::waitid(P_ALL, 0, &end, WEXITED | WNOWAIT) < 0) {
      if (errno == EINTR) {
        continue;
      }
      ::_exit(0);
    }
    if (end.si_pid == player) {
      ::_exit(0);
    }
    note({.pid = end.si_pid, .signal = end.si_code == CLD_EXITED ? 0 : end.si_status});
    (void)::waitpid(end.si_pid, nullptr, 0);
  }
}

std::string said_by(const std::function<std::string()>& play) {
  try {
    return play();
  } catch (const std::exception& error) {
    return std::string("!") + error.what();
  } catch (...) {
    return "!an unknown exception was thrown";
  }
}

[[noreturn]] void be_init(const posix::Descriptor& parent, const posix::Descriptor& output,
                          const std::function<void()>& make,
                          const std::function<std::string(Init&)>& play) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (has_died(parent)) {  // before that
    ::_exit(1);
  }
  // The runner handles Ctrl-C, and ends the node.
  ::setsid();
  posix::Pipe deaths;
  pid_t player = -1;
  // No exception may leave this process, which is a copy of its parent.
  const auto trouble = said_by([&] {
    make();
    deaths = pipe_or_throw();
    ::fcntl(deaths.read_end.get(), F_SETFL, O_NONBLOCK);
    ::fcntl(deaths.write_end.get(), F_SETFL, O_NONBLOCK);
    player = ::fork();
    if (player < 0) {
      throw std::system_error(errno, std::generic_category(), "fork");
    }
    return std::string();
  });
  if (!trouble.empty()) {
    write_all(output, trouble);
    ::_exit(1);
  }
  if (player == 0) {
    deaths.write_end.reset();
    Init init(std::move(deaths.read_end));
    write_all(output, said_by([&] { return play(init); }));
    ::_exit(0);
  }
  reap(player, deaths.write_end);
}

}  // namespace

std::vector<Death> Init::deaths() {
  std::vector<Death> all;
  for (Death death; ::read(deaths_.get(), &death, sizeof death) == sizeof death;) {
    all.push_back(death);
  }
  return all;
}

Apart run_apart(const std::function<void()>& make, const std::function<std::string(Init&)>& play) {
  auto output = pipe_or_throw();
  const bool is_root = ::geteuid() == 0;
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  const posix::Descriptor self(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
  if (!self.is_open()) {
    throw std::system_error(errno, std::generic_category(), "pidfd_open");
  }
  const unsigned long flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS |
                              CLONE_NEWIPC | (is_root ? 0 : CLONE_NEWUSER) | SIGCHLD;
  // Like fork(2), with new namespaces for the child.
  const auto pid =
      static_cast<pid_t>(::syscall(SYS_clone, flags, nullptr, nullptr, nullptr, nullptr));
  if (pid < 0) {
    throw std::system_error(
        errno, std::generic_category(),
        is_root ? "clone: new namespaces"
                : "clone: new namespaces, which need root or unprivileged user namespaces");
  }
  if (pid == 0) {
    output.read_end.reset();
    const auto make_all = [&] {
      if (!is_root) {
        become_root(user, group);
      }
      make();
    };
    be_init(self, output.write_end, make_all, play);
  }
  return {.pid = pid, .output = std::move(output.read_end)};
}

std::string heard_from(const Apart& apart) {
  std::string text;
  std::array<char, 65536> buffer = {};
  for (ssize_t count = 0; (count = ::read(apart.output.get(), buffer.data(), buffer.size())) > 0 ||
                          (count < 0 && errno == EINTR);) {
    text.append(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
  while (::waitpid(apart.pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return text;
}

}  // namespace node
