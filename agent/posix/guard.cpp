#include "agent/posix/guard.h"

#include "agent/posix/error.h"
#include "agent/posix/pipe.h"
#include "agent/posix/spawn.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <string_view>
#include <system_error>
#include <utility>

namespace posix {
namespace {

constexpr std::chrono::milliseconds polite_wait(200);

// The guard's ends of its four connections.
struct Connections {
  Descriptor lifeline;
  Descriptor report;
  Descriptor out;
  Descriptor err;
};

// Everything else that the agent had open: another helper's lifeline among them, which must not
// stay open here, and Pacemaker's pipes, at whose end it would wait for this process.
void close_all_but(const Connections& connections) {
  std::array<int, 4> kept = {connections.lifeline.get(), connections.report.get(),
                             connections.out.get(), connections.err.get()};
  std::ranges::sort(kept);
  unsigned int first = 3;
  for (const int descriptor : kept) {
    const auto next = static_cast<unsigned int>(descriptor);
    if (next > first) {
      ::syscall(SYS_close_range, first, next - 1, 0);
    }
    first = next + 1;
  }
  ::syscall(SYS_close_range, first, ~0U, 0);
  const int null = ::open("/dev/null", O_RDWR);
  for (int standard = 0; standard <= 2; ++standard) {
    ::dup2(null, standard);
  }
  if (null > 2) {
    ::close(null);
  }
}

// Signals the direct children; what those leave behind becomes a direct child in its turn. A pid
// cannot have been reused here, since only this process reaps them.
void signal_children(int number) {
  const std::string path = "/proc/self/task/" + std::to_string(::getpid()) + "/children";
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  std::array<char, 4096> part = {};
  for (ssize_t count = 1; count > 0;) {
    count = ::read(file.get(), part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
  for (const char* position = text.data(); position < text.data() + text.size();) {
    int child = 0;
    const auto [stopped, error] = std::from_chars(position, text.data() + text.size(), child);
    if (error == std::errc{} && child > 1) {
      ::kill(child, number);
    }
    position = stopped + 1;
  }
}

class Guard {
 public:
  Guard(const host::Command& command, const Environment& environment, Connections connections)
      : command_(command), environment_(environment), connections_(std::move(connections)) {}

  [[noreturn]] void run() {
    ::setsid();
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    close_all_but(connections_);
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);

    GuardReport report;
    const auto helper = spawn(command_.arguments, environment_, connections_.out.get(),
                              connections_.err.get(), Session::own);
    if (helper) {
      helper_ = *helper;
      connections_.out.reset();
      connections_.err.reset();
      wait_for_helper_or_agent();
      end_all();
      remove_reply_fifo();
      report.wait_status = wait_status_;
    } else {
      report.spawn_error = helper.error();
    }
    while (::write(connections_.report.get(), &report, sizeof report) < 0 && errno == EINTR) {
    }
    ::_exit(0);
  }

 private:
  void wait_for_helper_or_agent() {
    const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, helper_, 0)));
    std::array<pollfd, 2> polled = {{
        {.fd = connections_.lifeline.get(), .events = POLLIN, .revents = 0},
        {.fd = handle.get(), .events = POLLIN, .revents = 0},
    }};
    while (::poll(polled.data(), polled.size(), -1) < 0 && errno == EINTR) {
    }
    char byte = 0;
    // The cluster goes on as soon as it has killed the agent: no time for politeness.
    agent_is_gone_ = polled.front().revents != 0 && ::read(polled.front().fd, &byte, 1) == 0;
  }

  // Reaps what is dead. False when there is nothing more to wait for.
  bool reap(int flags) {
    for (;;) {
      int status = 0;
      const pid_t pid = ::waitpid(-1, &status, flags);
      if (pid == helper_) {
        wait_status_ = status;
        helper_is_reaped_ = true;
      }
      if (pid < 0 && errno != EINTR) {
        return false;
      }
      if (pid == 0 || (pid > 0 && flags == 0)) {
        return true;
      }
    }
  }

  // First all that the helper started is asked to end, then it is killed.
  void end_all() {
    if (!reap(WNOHANG) || (!agent_is_gone_ && end_politely())) {
      return;
    }
    do {
      signal_all(SIGKILL);
    } while (reap(0));
  }

  // True if nothing is left.
  bool end_politely() {
    signal_all(SIGTERM);
    sigset_t child_ended;
    ::sigemptyset(&child_ended);
    ::sigaddset(&child_ended, SIGCHLD);
    const auto end = std::chrono::steady_clock::now() + polite_wait;
    for (auto left = polite_wait; left.count() > 0;
         left =
             std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now())) {
      const timespec timeout = {.tv_sec = 0, .tv_nsec = left.count() * 1'000'000};
      ::sigtimedwait(&child_ended, nullptr, &timeout);
      if (!reap(WNOHANG)) {
        return true;
      }
    }
    return false;
  }

  // The group reaches grandchildren at once. It is named by the helper's pid, which may mean
  // somebody else's group as soon as the helper has been reaped.
  void signal_all(int number) const {
    if (!helper_is_reaped_) {
      ::kill(-helper_, number);
    }
    signal_children(number);
  }

  void remove_reply_fifo() const {
    if (command_.reply_fifo_prefix.empty()) {
      return;
    }
    const std::string path = command_.reply_fifo_prefix + std::to_string(helper_);
    struct stat status = {};
    if (::lstat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode) &&
        status.st_uid == ::geteuid()) {
      ::unlink(path.c_str());
    }
  }

  const host::Command& command_;
  const Environment& environment_;
  Connections connections_;
  pid_t helper_ = 0;
  bool helper_is_reaped_ = false;
  bool agent_is_gone_ = false;
  int wait_status_ = 0;
};

}  // namespace

host::Result<GuardedHelper> start_guarded(const host::Command& helper,
                                          const Environment& environment) {
  auto lifeline = make_pipe();
  auto report = make_pipe();
  auto out = make_pipe();
  auto err = make_pipe();
  for (const auto* pipe : {&lifeline, &report, &out, &err}) {
    if (!*pipe) {
      return tl::unexpected(pipe->error());
    }
  }
  const pid_t guard = ::fork();
  if (guard < 0) {
    return tl::unexpected(error_from(errno, helper.arguments.front()));
  }
  if (guard == 0) {
    lifeline->write_end.reset();  // or it would never see the agent's end close
    Guard(helper, environment,
          {.lifeline = std::move(lifeline->read_end),
           .report = std::move(report->write_end),
           .out = std::move(out->write_end),
           .err = std::move(err->write_end)})
        .run();
  }
  return GuardedHelper{.guard = guard,
                       .lifeline = std::move(lifeline->write_end),
                       .report = std::move(report->read_end),
                       .out = std::move(out->read_end),
                       .err = std::move(err->read_end)};
}

std::optional<GuardReport> read_report(const Descriptor& report) {
  GuardReport value;
  ssize_t count = 0;
  do {
    count = ::read(report.get(), &value, sizeof value);
  } while (count < 0 && errno == EINTR);
  if (count != sizeof value) {
    return std::nullopt;
  }
  return value;
}

}  // namespace posix
