#pragma once

#include <sys/time.h>

#include <csignal>

namespace posix::testing {

// As long as it lives, a signal arrives every 5 ms and interrupts system calls.
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

}  // namespace posix::testing
