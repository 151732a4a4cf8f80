#include "conformance/faults/hold.h"

#include "agent/posix/spawn.h"

#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <map>
#include <set>
#include <system_error>

namespace faults {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

pid_t start_traced(std::vector<std::string> command) {
  const auto arguments = posix::pointers_to(command);
  const pid_t pid = ::fork();
  if (pid < 0) {
    fail("fork");
  }
  if (pid == 0) {
    ::ptrace(PTRACE_TRACEME, 0, 0, 0);
    std::raise(SIGSTOP);
    ::execvp(arguments.front(), arguments.data());
    ::_exit(127);
  }
  int status = 0;
  if (::waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status)) {
    fail(command.front());
  }
  if (::ptrace(PTRACE_SETOPTIONS, pid, 0,
               PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                   PTRACE_O_TRACEEXEC) != 0) {
    fail("ptrace");
  }
  return pid;
}

class Tracer {
 public:
  Tracer(pid_t root, const std::string& wanted, const std::function<void(pid_t)>& on_hold)
      : root_(root), wanted_(wanted), on_hold_(on_hold), names_({{root, "agent"}}) {}

  // Runs until the root ends, and returns its wait status.
  int run() {
    go_on(root_);
    for (;;) {
      int status = 0;
      const pid_t pid = ::waitpid(-1, &status, __WALL);
      if (pid < 0 && errno != EINTR) {
        fail("waitpid");
      }
      if (pid == root_ && !WIFSTOPPED(status)) {
        return status;
      }
      if (pid > 0 && WIFSTOPPED(status)) {
        on_stop(pid, status);
      }
    }
  }

 private:
  static void go_on(pid_t pid, int signal = 0) { ::ptrace(PTRACE_CONT, pid, 0, signal); }

  void on_stop(pid_t pid, int status) {
    switch (status >> 16) {
      case PTRACE_EVENT_FORK:
      case PTRACE_EVENT_VFORK:
      case PTRACE_EVENT_CLONE: {
        unsigned long child = 0;
        ::ptrace(PTRACE_GETEVENTMSG, pid, 0, &child);
        on_birth(static_cast<pid_t>(child), names_[pid] + "." + std::to_string(++children_[pid]));
        go_on(pid);
        return;
      }
      case PTRACE_EVENT_EXEC:
        if (pid != root_) {
          ::ptrace(PTRACE_DETACH, pid, 0, 0);
        } else {
          go_on(pid);
        }
        return;
      default:
        if (!names_.contains(pid)) {
          stopped_.insert(pid);  // created, but its parent's event is missing
        } else if (unborn_.erase(pid) != 0) {
          begin(pid);
        } else {
          go_on(pid, WSTOPSIG(status));
        }
    }
  }

  // A new process begins with a SIGSTOP, which may arrive before or after its parent's event.
  void on_birth(pid_t child, const std::string& name) {
    names_[child] = name;
    if (stopped_.erase(child) != 0) {
      begin(child);
    } else {
      unborn_.insert(child);
    }
  }

  void begin(pid_t pid) {
    if (names_[pid] != wanted_) {
      go_on(pid);
      return;
    }
    ::ptrace(PTRACE_DETACH, pid, 0, SIGSTOP);
    on_hold_(pid);
  }

  pid_t root_;
  const std::string& wanted_;
  const std::function<void(pid_t)>& on_hold_;
  std::map<pid_t, std::string> names_;
  std::map<pid_t, int> children_;
  std::set<pid_t> stopped_;
  std::set<pid_t> unborn_;
};

}  // namespace

int run_and_hold(const std::vector<std::string>& command, const std::string& process,
                 const std::function<void(pid_t)>& on_hold) {
  return Tracer(start_traced(command), process, on_hold).run();
}

}  // namespace faults
