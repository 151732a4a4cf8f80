#pragma once

#include <grp.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <functional>
#include <stdexcept>
#include <vector>

namespace posix::testing {

// While an object exists, a signal arrives every 5 ms and interrupts system calls.
class Interruptions {
 public:
  Interruptions() {
    struct sigaction action = {};
    action.sa_handler = [](int) {};
    ::sigaction(SIGALRM, &action, &former_);
    set_interval(5000);
  }
  Interruptions(const Interruptions&) = delete;
  Interruptions& operator=(const Interruptions&) = delete;
  ~Interruptions() {
    set_interval(0);
    ::sigaction(SIGALRM, &former_, nullptr);
  }

 private:
  static void set_interval(suseconds_t microseconds) {
    const itimerval timer = {.it_interval = {.tv_sec = 0, .tv_usec = microseconds},
                             .it_value = {.tv_sec = 0, .tv_usec = microseconds}};
    ::setitimer(ITIMER_REAL, &timer, nullptr);
  }

  struct sigaction former_ = {};
};

constexpr uid_t ordinary_id = 65534;  // nobody, and its group

enum class Ids { effective, all };

// Runs `act` with other ids than root's. The saved id stays root's, so that this process can return
// to it.
inline void act_as_ordinary_user(Ids ids, const std::function<void()>& act) {
  std::vector<gid_t> groups(static_cast<std::size_t>(::getgroups(0, nullptr)));
  const uid_t real = ids == Ids::all ? ordinary_id : 0;
  if (::getgroups(static_cast<int>(groups.size()), groups.data()) < 0 ||
      ::setgroups(0, nullptr) != 0 || ::setresgid(real, ordinary_id, 0) != 0 ||
      ::setresuid(real, ordinary_id, 0) != 0) {
    throw std::runtime_error("cannot become an ordinary user");
  }
  // The change has made this process's own /proc inaccessible to it, which does not happen to a
  // process that was started as that user.
  ::prctl(PR_SET_DUMPABLE, 1);
  act();
  if (::setresuid(0, 0, 0) != 0 || ::setresgid(0, 0, 0) != 0 ||
      ::setgroups(groups.size(), groups.data()) != 0) {
    throw std::runtime_error("cannot become root again");
  }
  ::prctl(PR_SET_DUMPABLE, 1);
}

// Makes system calls fail with an errno value, in this process and all that it starts, permanently:
// seccomp(2).
inline void refuse_calls(const std::vector<long>& numbers, int errno_value) {
  std::vector<sock_filter> program = {{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(seccomp_data, nr)}};
  for (const long number : numbers) {
    program.push_back({BPF_JMP | BPF_JEQ | BPF_K, 0, 1, static_cast<__u32>(number)});
    program.push_back({BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | static_cast<__u32>(errno_value)});
  }
  program.push_back({BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW});
  const sock_fprog filter = {.len = static_cast<unsigned short>(program.size()),
                             .filter = program.data()};
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) {
    throw std::runtime_error("no seccomp filter can be installed");
  }
}

// The value that a function returns in a child process, from 0 to 255; -1 if that process is
// killed.
inline int result_in_child(const std::function<int()>& act) {
  constexpr unsigned longest_seconds = 30;
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(longest_seconds);
    ::_exit(act());
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace posix::testing
