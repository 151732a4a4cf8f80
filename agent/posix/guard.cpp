#include "agent/posix/guard.h"

#include "agent/host/result.h"
#include "agent/posix/denied_calls.h"
#include "agent/posix/descendants.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/process_handle.h"
#include "agent/posix/spawn.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <utility>

namespace posix {
namespace {

constexpr std::chrono::milliseconds polite_wait(200);
constexpr std::chrono::milliseconds kill_round(50);
constexpr std::chrono::milliseconds look_again(10);

// The guard's ends of its four connections.
struct Connections {
  Descriptor lifeline;
  Descriptor report;
  Descriptor out;
  Descriptor err;
};

class Guard {
 public:
  Guard(const host::Command& command, const Environment& environment, Connections connections)
      : command_(command), environment_(environment), connections_(std::move(connections)) {}

  [[noreturn]] void run() {
    ::setsid();
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    // Another helper's lifeline must not stay open here, nor Pacemaker's pipes: Pacemaker would
    // wait for this process to close them.
    keep_only({connections_.lifeline.get(), connections_.report.get(), connections_.out.get(),
               connections_.err.get()});
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, nullptr);
    std::signal(SIGCHLD, SIG_DFL);  // ignored, it would reap the helper before its status is read

    GuardReport report;
    if (agent_is_gone()) {
      ::_exit(0);  // killed before the helper was started: it must not be started at all
    }
    if (const auto helper = spawn_denied()) {
      helper_ = *helper;
      report.helper = helper_;
      send(report);  // if this guard is killed, the agent knows whose FIFO is left
      connections_.out.reset();
      connections_.err.reset();
      wait_for_helper_or_agent();
      end_all();
      remove_reply_fifo(command_.reply_fifo_prefix, helper_);
      report.wait_status = wait_status_;
    } else {
      report.spawn_error = helper.error();
    }
    report.is_over = true;
    send(report);
    ::_exit(0);
  }

 private:
  // The guard is denied the same calls as the helper, and does not need them.
  tl::expected<pid_t, int> spawn_denied() {
    if (const int error = deny(command_.denied)) {
      return tl::unexpected(error);
    }
    return spawn(command_.arguments, environment_, connections_.out.get(), connections_.err.get(),
                 Session::own);
  }

  void send(const GuardReport& report) {
    while (::write(connections_.report.get(), &report, sizeof report) < 0 && errno == EINTR) {
    }
  }

  // Whether the lifeline is closed. The agent writes a byte instead at the deadline.
  bool agent_is_gone() {
    pollfd lifeline = {.fd = connections_.lifeline.get(), .events = POLLIN, .revents = 0};
    char byte = 0;
    return ::poll(&lifeline, 1, 0) > 0 && ::read(lifeline.fd, &byte, 1) == 0;
  }

  void wait_for_helper_or_agent() {
    const auto handle = hold_process(helper_);
    const int pidfd = handle ? handle->descriptor() : -1;
    const auto look_again_ms = static_cast<int>(ProcessHandle::look_again.count());
    siginfo_t ended = {};
    std::array<pollfd, 2> polled = {{
        {.fd = connections_.lifeline.get(), .events = POLLIN, .revents = 0},
        {.fd = pidfd, .events = POLLIN, .revents = 0},
    }};
    while (::poll(polled.data(), polled.size(), pidfd >= 0 ? -1 : look_again_ms) <= 0) {
      if (::waitid(P_PID, static_cast<id_t>(helper_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
          ended.si_pid == helper_) {
        return;
      }
    }
  }

  // Reaps dead processes. False when no child is left.
  bool reap() {
    for (;;) {
      int status = 0;
      const pid_t pid = ::waitpid(-1, &status, WNOHANG);
      if (pid == helper_) {
        wait_status_ = status;
      }
      if (pid == 0 || (pid < 0 && errno != EINTR)) {
        return pid == 0;
      }
    }
  }

  // All processes that the helper started get SIGTERM, then SIGKILL in rounds, since one that is
  // forked meanwhile may be missed. If the cluster has killed the agent, it goes on at once: then
  // there is no time for SIGTERM.
  void end_all() {
    const bool polite = !agent_is_gone();
    if (!reap() || (polite && end_within(SIGTERM, polite_wait))) {
      return;
    }
    while (!end_within(SIGKILL, kill_round)) {
    }
  }

  // Signals all descendants and waits. True if none is left.
  bool end_within(int signal_number, std::chrono::milliseconds time) {
    signal_descendants(signal_number);
    sigset_t child_ended;
    ::sigemptyset(&child_ended);
    ::sigaddset(&child_ended, SIGCHLD);
    const auto end = std::chrono::steady_clock::now() + time;
    while (reap()) {
      if (std::chrono::steady_clock::now() >= end) {
        return false;
      }
      const timespec timeout = {.tv_sec = 0,
                                .tv_nsec = std::chrono::nanoseconds(look_again).count()};
      ::sigtimedwait(&child_ended, nullptr, &timeout);
    }
    return true;
  }

  const host::Command& command_;
  const Environment& environment_;
  Connections connections_;
  pid_t helper_ = 0;
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
    return tl::unexpected(host::error_from(errno, helper.arguments.front()));
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

void remove_reply_fifo(const std::string& prefix, pid_t helper) {
  if (prefix.empty() || helper <= 0) {
    return;
  }
  const std::string path = prefix + std::to_string(helper);
  struct stat status = {};
  if (::lstat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode) &&
      status.st_uid == ::geteuid()) {
    ::unlink(path.c_str());
  }
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
