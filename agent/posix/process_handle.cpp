#include "agent/posix/process_handle.h"

#include "agent/host/result.h"
#include "agent/posix/read_write.h"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <string>
#include <string_view>
#include <system_error>

namespace posix {
namespace {

std::string subject(int pid) { return "process " + std::to_string(pid); }

tl::unexpected<host::Error> gone(int pid) {
  return tl::unexpected(
      host::Error{.kind = host::ErrorKind::not_found, .text = subject(pid) + " does not exist"});
}

// The kernel does not have the system call, or a filter refuses it.
bool is_unavailable(int errno_value) { return errno_value == ENOSYS || errno_value == EPERM; }

struct Moment {
  char state = 0;
  std::uint64_t start_time = 0;
};

// Reads fields 3 and 22 of /proc/PID/stat, counted from the end of the command's name, which may
// contain any character.
host::Result<Moment> look_at(int pid) {
  constexpr int state_field = 3;
  constexpr int start_time_field = 22;
  const std::string path = "/proc/" + std::to_string(pid) + "/stat";
  const auto text = read_all(path);
  if (!text) {
    return text.error().kind == host::ErrorKind::not_found ? gone(pid)
                                                           : tl::unexpected(text.error());
  }
  const auto name_end = text->rfind(") ");
  std::string_view rest =
      std::string_view(*text).substr(name_end == std::string::npos ? text->size() : name_end + 2);
  Moment moment{.state = rest.empty() ? '\0' : rest.front()};
  for (int field = state_field; field < start_time_field && !rest.empty(); ++field) {
    rest.remove_prefix(std::min(rest.find(' '), rest.size() - 1) + 1);
  }
  const auto [end, error] =
      std::from_chars(rest.data(), rest.data() + rest.size(), moment.start_time);
  if (error != std::errc{}) {
    return tl::unexpected(host::Error{.text = path + ": not in the form of proc(5)"});
  }
  return moment;
}

// proc(5): a thread has a directory in /proc, too, with the pid of its process.
host::Result<bool> is_thread(int pid) {
  const auto status = read_all("/proc/" + std::to_string(pid) + "/status");
  if (!status) {
    return tl::unexpected(status.error());
  }
  return status->find("\nTgid:\t" + std::to_string(pid) + "\n") == std::string::npos;
}

host::Result<void> kill_process(int pid, int number) {
  if (::kill(pid, number) != 0) {
    return tl::unexpected(host::error_from(errno, subject(pid)));
  }
  return {};
}

}  // namespace

bool ProcessHandle::is_over() const {
  if (pidfd_.is_open()) {
    pollfd ended = {.fd = pidfd_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&ended, 1, 0) > 0;
  }
  const auto moment = look_at(pid_);
  if (!moment) {
    return moment.error().kind == host::ErrorKind::not_found;
  }
  return moment->start_time != start_time_ || moment->state == 'Z' || moment->state == 'X';
}

host::Result<void> ProcessHandle::signal(int number) const {
  if (pidfd_.is_open()) {
    if (::syscall(SYS_pidfd_send_signal, pidfd_.get(), number, nullptr, 0) == 0) {
      return {};
    }
    if (const int failure = errno; !is_unavailable(failure)) {
      return tl::unexpected(host::error_from(failure, subject(pid_)));
    }
    // The pid is not reused as long as the process has not ended.
    return is_over() ? gone(pid_) : kill_process(pid_, number);
  }
  const auto moment = look_at(pid_);
  if (!moment) {
    return tl::unexpected(moment.error());
  }
  return moment->start_time == start_time_ ? kill_process(pid_, number) : gone(pid_);
}

host::Result<ProcessHandle> hold_process(int pid) {
  if (pid <= 0) {
    return gone(pid);
  }
  ProcessHandle handle(pid, Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))));
  if (handle.pidfd_.is_open()) {
    return handle;
  }
  if (const int failure = errno; !is_unavailable(failure)) {
    return failure == EINVAL ? gone(pid)  // a thread
                             : tl::unexpected(host::error_from(failure, subject(pid)));
  }
  const auto moment = look_at(pid);
  const auto thread = moment ? is_thread(pid) : tl::unexpected(moment.error());
  if (!thread) {
    return tl::unexpected(thread.error());
  }
  if (*thread) {
    return gone(pid);
  }
  handle.start_time_ = moment->start_time;
  return handle;
}

host::Result<ProcessHandle> open_process(const host::ProcessId& process) {
  auto handle = hold_process(process.pid);
  if (!handle) {
    return handle;
  }
  // The process is held before its start time is read: if the start time is right, the handle is,
  // too.
  const auto moment = look_at(process.pid);
  if (!moment) {
    return tl::unexpected(moment.error());
  }
  return moment->start_time == process.start_time ? std::move(handle) : gone(process.pid);
}

}  // namespace posix
