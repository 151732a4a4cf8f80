// A library that programs on a node are started with, beside libfaketime: it makes faster what
// libfaketime 0.9.10 leaves as it is, or rounds to nothing, the timers that end in a signal. With
// them timeout(1), alarm() of scripts and the like keep the pace of the clock.
//
// It is loaded into every program: it needs libc and nothing else.

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

// As node::speed_up() has written it for libfaketime: "+0 x20".
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

// That of the program that is next in turn: libc's, whatever libfaketime has of it.
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

// What is short must not become 0: that would be "never".
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

}  // namespace

extern "C" {

int timer_settime(timer_t timer, int flags, const itimerspec* value, itimerspec* old) {
  using Settime = int(timer_t, int, const itimerspec*, itimerspec*);
  if ((flags & TIMER_ABSTIME) != 0 || value == nullptr) {
    // The moment is one of libfaketime's clock.
    return reinterpret_cast<Settime*>(::dlsym(RTLD_NEXT, "timer_settime"))(timer, flags, value,
                                                                           old);
  }
  const auto faster = times(*value, 1 / rate());
  const int result = next<Settime>("timer_settime")(timer, flags, &faster, old);
  if (result == 0 && old != nullptr) {
    *old = times(*old, rate());
  }
  return result;
}

int setitimer(__itimer_which_t which, const itimerval* value, itimerval* old) noexcept {
  using Setitimer = int(__itimer_which_t, const itimerval*, itimerval*);
  static auto* const libc = reinterpret_cast<Setitimer*>(::dlsym(RTLD_NEXT, "setitimer"));
  if (which != ITIMER_REAL || value == nullptr) {
    return libc(which, value, old);
  }
  const auto faster = times(*value, 1 / rate());
  const int result = libc(which, &faster, old);
  if (result == 0 && old != nullptr) {
    *old = times(*old, rate());
  }
  return result;
}

// libfaketime's takes whole seconds of the machine, and so makes "never" of what is less.
unsigned alarm(unsigned seconds) noexcept {
  itimerval old = {};
  const itimerval value = {.it_interval = {}, .it_value = {.tv_sec = seconds, .tv_usec = 0}};
  if (::setitimer(ITIMER_REAL, &value, &old) != 0) {
    return 0;
  }
  return static_cast<unsigned>(old.it_value.tv_sec) + (old.it_value.tv_usec > 0 ? 1 : 0);
}
}
