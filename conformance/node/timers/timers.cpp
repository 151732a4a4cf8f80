// A library that is preloaded beside libfaketime. It speeds up timers that end in a signal, which
// libfaketime 0.9.10 does not change or rounds to zero, so that timeout(1), alarm() in scripts and
// the like follow the clock. It also speeds up timers of CPU time, which no program on a node uses.
//
// It is loaded into every program, so it needs only libc.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

// The rate in the form of node::speed_up() for libfaketime: "+0 x20".
double read_rate() {
  std::array<char, 64> text = {};
  const int file = ::open("/etc/faketimerc", O_RDONLY | O_CLOEXEC);
  const ssize_t size = file >= 0 ? ::read(file, text.data(), text.size() - 1) : 0;
  if (file >= 0) {
    ::close(file);
  }
  const char* const factor = size > 0 ? std::strchr(text.data(), 'x') : nullptr;
  const double rate = factor != nullptr ? std::strtod(factor + 1, nullptr) : 1;
  return rate > 0 ? rate : 1;
}

double rate() {
  static const double value = read_rate();
  return value;
}

// The next definition in the order of lookup: that of libc, even if libfaketime defines it.
template <class Function>
Function* next(const char* name) {
  constexpr const char* since_timers_are_in_libc = "GLIBC_2.34";
  void* found = ::dlvsym(RTLD_NEXT, name, since_timers_are_in_libc);
  if (found == nullptr) {
    found = ::dlsym(RTLD_NEXT, name);
  }
  return reinterpret_cast<Function*>(found);
}

struct Split {
  long whole;
  long rest;
};

// A short time must not become 0, which would mean "never".
Split times(long whole, long rest, long parts, double factor) {
  const double all =
      (static_cast<double>(whole) * static_cast<double>(parts) + static_cast<double>(rest)) *
      factor;
  const long kept = all > 0 && all < 1 ? 1 : static_cast<long>(all);
  return {.whole = kept / parts, .rest = kept % parts};
}

timespec times(const timespec& time, double factor) {
  constexpr long nanoseconds = 1000000000;
  const auto [seconds, rest] = times(time.tv_sec, time.tv_nsec, nanoseconds, factor);
  return {.tv_sec = seconds, .tv_nsec = rest};
}

timeval times(const timeval& time, double factor) {
  constexpr long microseconds = 1000000;
  const auto [seconds, rest] = times(time.tv_sec, time.tv_usec, microseconds, factor);
  return {.tv_sec = seconds, .tv_usec = rest};
}

template <class Timer>
Timer times(const Timer& timer, double factor) {
  return {.it_interval = times(timer.it_interval, factor),
          .it_value = times(timer.it_value, factor)};
}

// An invalid value is passed unchanged, so that the kernel rejects it.
bool is_valid(const timespec& time) { return time.tv_nsec >= 0 && time.tv_nsec < 1000000000; }
bool is_valid(const timeval& time) { return time.tv_usec >= 0 && time.tv_usec < 1000000; }

template <class Timer>
bool can_be_scaled(const Timer* timer) {
  return timer != nullptr && is_valid(timer->it_interval) && is_valid(timer->it_value);
}

// Converts the machine's time to that of the node.
template <class Timer>
int told(int result, Timer* timer) {
  if (result == 0 && timer != nullptr) {
    *timer = times(*timer, rate());
  }
  return result;
}

}  // namespace

// NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): libc's names are reserved.
extern "C" {

int timer_settime(timer_t timer, int flags, const itimerspec* value, itimerspec* old) {
  using Settime = int(timer_t, int, const itimerspec*, itimerspec*);
  if ((flags & TIMER_ABSTIME) != 0 || !can_be_scaled(value)) {
    // The time is one of libfaketime's clock.
    auto* const faketime = reinterpret_cast<Settime*>(::dlsym(RTLD_NEXT, "timer_settime"));
    return told(faketime(timer, flags, value, old), old);
  }
  const auto faster = times(*value, 1 / rate());
  return told(next<Settime>("timer_settime")(timer, flags, &faster, old), old);
}

int timer_gettime(timer_t timer, itimerspec* value) {
  using Gettime = int(timer_t, itimerspec*);
  return told(next<Gettime>("timer_gettime")(timer, value), value);
}

int setitimer(__itimer_which_t which, const itimerval* value, itimerval* old) noexcept {
  using Setitimer = int(__itimer_which_t, const itimerval*, itimerval*);
  auto* const libc = next<Setitimer>("setitimer");
  if (which != ITIMER_REAL) {
    return libc(which, value, old);
  }
  if (!can_be_scaled(value)) {
    return told(libc(which, value, old), old);
  }
  const auto faster = times(*value, 1 / rate());
  return told(libc(which, &faster, old), old);
}

int getitimer(__itimer_which_t which, itimerval* value) noexcept {
  using Getitimer = int(__itimer_which_t, itimerval*);
  const int result = next<Getitimer>("getitimer")(which, value);
  return which == ITIMER_REAL ? told(result, value) : result;
}

// That of libfaketime takes whole seconds of the machine, so shorter times become "never".
unsigned alarm(unsigned seconds) noexcept {
  itimerval old = {};
  const itimerval value = {.it_interval = {}, .it_value = {.tv_sec = seconds, .tv_usec = 0}};
  if (::setitimer(ITIMER_REAL, &value, &old) != 0) {
    return 0;
  }
  return static_cast<unsigned>(old.it_value.tv_sec) + (old.it_value.tv_usec > 0 ? 1 : 0);
}
}
// NOLINTEND(readability-inconsistent-declaration-parameter-name)
