#include "sim/process/real_stage.h"

#include "agent/posix/clock.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace sim {
namespace {

int number_of(Stream stream) { return stream == Stream::out ? STDOUT_FILENO : STDERR_FILENO; }

}  // namespace

tl::unexpected<host::Error> failed(int errno_value) {
  return tl::unexpected(host::Error{.text = std::generic_category().message(errno_value)});
}

RealStage::RealStage(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {
  listen_to_signals();
}

RealStage::~RealStage() = default;

int RealStage::play(const Life& life) {
  const auto task = life(*this);
  task.start();
  return task.result();
}

// SIGCHLD is one of them: it tells that a child has ended.
void RealStage::listen_to_signals() {
  sigset_t handled;
  ::sigemptyset(&handled);
  ::sigaddset(&handled, SIGCHLD);
  for (const auto& [number, use] : uses_) {
    if (use == SignalUse::handled) {
      ::sigaddset(&handled, number);
    }
  }
  ::sigprocmask(SIG_SETMASK, &handled, nullptr);
  signals_ = posix::Descriptor(::signalfd(-1, &handled, SFD_CLOEXEC | SFD_NONBLOCK));
}

void RealStage::use_signal(int number, SignalUse use) {
  uses_[number] = use;
  std::signal(number, use == SignalUse::ignored ? SIG_IGN : SIG_DFL);
  listen_to_signals();
}

std::optional<std::string> RealStage::variable(const std::string& name) const {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

int RealStage::pid() const { return ::getpid(); }
std::uint32_t RealStage::user() const { return ::geteuid(); }
void RealStage::take_name(const std::string& name) { ::prctl(PR_SET_NAME, name.c_str()); }
host::TimePoint RealStage::now() const { return std::chrono::steady_clock::now(); }
std::time_t RealStage::wall_time() const { return std::time(nullptr); }

std::uint64_t RealStage::random() {
  std::uint64_t number = 0;
  (void)!::getrandom(&number, sizeof number, 0);
  return number;
}

void RealStage::close(Stream stream) {
  (void)!std::freopen("/dev/null", "w", stream == Stream::out ? stdout : stderr);
}

std::size_t RealStage::write_some(Stream stream, std::string_view text) {
  const ssize_t count = ::write(number_of(stream), text.data(), text.size());
  // Whoever cannot be written to hears nothing; that is no reason to stay.
  return count < 0 && errno != EINTR ? text.size()
                                     : static_cast<std::size_t>(std::max<ssize_t>(count, 0));
}

host::Result<int> RealStage::fork(Life life) {
  const pid_t pid = ::fork();
  if (pid < 0) {
    return failed(errno);
  }
  if (pid > 0) {
    return pid;
  }
  event_.reset();
  for (auto& [descriptor, open] : files_) {
    open.is_attended = false;
  }
  listen_to_signals();
  const int code = play(life);
  ::_exit(code);
}

void RealStage::lead_session() { ::setsid(); }

host::Result<void> RealStage::kill(int pid, int signal) {
  if (::kill(pid, signal) == 0) {
    return {};
  }
  auto error = failed(errno);
  if (errno == EPERM) {
    error.value().kind = host::ErrorKind::not_permitted;
  }
  return error;
}

host::Result<void> RealStage::enter_kernel(host::Duration /*duration*/) {
  return tl::unexpected(host::Error{.text = "a real process cannot be made to hang in the kernel"});
}

Task<void> RealStage::die(int signal) {
  std::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::kill(::getpid(), signal);
  for (;;) {
    ::pause();
  }
  co_return;
}

bool RealStage::is_over(const Wait& wait) {
  switch (wait.what) {
    case Wait::What::moment:
      while (now() < wait.until) {
        ::poll(nullptr, 0, posix::poll_timeout_ms(wait.until));
      }
      return true;
    case Wait::What::event:
      while (!event_) {
        const bool is_late = now() >= wait.until;
        look(wait.until);
        if (!event_ && is_late) {
          event_ = TimeIsUp{};
        }
      }
      return true;
    case Wait::What::room:
    case Wait::What::reader:
      return true;  // the calls themselves wait
  }
  return true;
}

void RealStage::suspend(const Wait& /*wait*/, std::coroutine_handle<> /*waiting*/) {
  throw std::logic_error("on the real machine a wait ends before anybody is suspended");
}

StageEvent RealStage::take_event() { return *std::exchange(event_, std::nullopt); }

void RealStage::look(host::TimePoint deadline) {
  std::vector<pollfd> polled = {{.fd = signals_.get(), .events = POLLIN, .revents = 0}};
  std::vector<Descriptor> polled_files;
  for (const auto& [descriptor, open] : files_) {
    if (open.is_attended) {
      const bool connects = open.kind == Open::Kind::connecting;
      polled.push_back({.fd = open.file.get(),
                        .events = static_cast<short>(connects ? POLLOUT : POLLIN),
                        .revents = 0});
      polled_files.push_back(descriptor);
    }
  }
  const int ready = ::poll(polled.data(), polled.size(), posix::poll_timeout_ms(deadline));
  on_waking_();
  if (ready <= 0) {
    return;
  }
  if (polled[0].revents != 0) {
    event_ = take_signal();
  }
  for (std::size_t i = 0; i < polled_files.size() && !event_; ++i) {
    if (polled[i + 1].revents != 0) {
      event_ = take_from(polled_files[i], at(polled_files[i]));
    }
  }
}

// One SIGCHLD may stand for several children: it is only read when none is left.
std::optional<StageEvent> RealStage::take_signal() {
  int status = 0;
  if (const pid_t child = ::waitpid(-1, &status, WNOHANG); child > 0) {
    return ChildEnded{
        .pid = child,
        .exit_code = WIFEXITED(status) ? std::optional(WEXITSTATUS(status)) : std::nullopt};
  }
  signalfd_siginfo info = {};
  if (::read(signals_.get(), &info, sizeof info) != sizeof info) {
    return std::nullopt;
  }
  const int number = static_cast<int>(info.ssi_signo);
  if (number != SIGCHLD) {
    on_signal_(number, static_cast<int>(info.ssi_pid));
  }
  if (number == SIGCHLD) {
    if (const pid_t child = ::waitpid(-1, &status, WNOHANG); child > 0) {
      ::kill(::getpid(), SIGCHLD);  // there may be more
      return ChildEnded{
          .pid = child,
          .exit_code = WIFEXITED(status) ? std::optional(WEXITSTATUS(status)) : std::nullopt};
    }
    return std::nullopt;
  }
  return GotSignal{.number = number};
}

}  // namespace sim
