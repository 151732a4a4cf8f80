#include "agent/posix/process_table.h"

#include "agent/base/number.h"
#include "agent/host/result.h"
#include "agent/posix/clock.h"
#include "agent/posix/proc.h"
#include "agent/posix/process_handle.h"
#include "agent/posix/read_write.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace posix {
namespace {

std::string subject(int pid) { return "process " + std::to_string(pid); }

host::Error gone(int pid) {
  return {.kind = host::ErrorKind::not_found, .text = subject(pid) + " does not exist"};
}

std::string path_of(int pid) { return "/proc/" + std::to_string(pid); }

std::string link_target(int directory, const char* path) {
  std::array<char, PATH_MAX> target = {};
  const ssize_t length = ::readlinkat(directory, path, target.data(), target.size());
  return {target.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0))};
}

// The PID namespace of a process. Nothing for a thread (/proc has a hidden directory for each) and
// for a process in a container. proc(5): NSpid lists the pid in the namespace of this /proc and in
// each nested one, so a single number means our own. A kernel without namespaces has no such line.
// A nested namespace that shares the agent's mounts is not a container; if the mounts are unknown,
// the process may be ours.
std::optional<host::PidNamespace> namespace_of(const ProcessDirectory& directory, int pid,
                                               std::string_view status) {
  if (status_line(status, "Tgid") != std::to_string(pid)) {
    return std::nullopt;
  }
  if (status_line(status, "NSpid").find('\t') == std::string_view::npos) {
    return host::PidNamespace::own;
  }
  const auto mounts = link_target(directory.handle.get(), "ns/mnt");
  const bool is_container = !mounts.empty() && mounts != link_target(AT_FDCWD, "/proc/self/ns/mnt");
  return is_container ? std::nullopt : std::optional(host::PidNamespace::inner);
}

// Whether it is a process that exists for the agent.
host::Result<bool> is_ours(const ProcessDirectory& directory, int pid) {
  const auto status = directory.read("status");
  if (!status) {
    return tl::unexpected(status.error());
  }
  return namespace_of(directory, pid, *status).has_value();
}

// proc(5): the line "Uid" has the real, effective, saved and file system uid.
std::optional<host::UserIds> users_in(std::string_view status) {
  std::array<std::uint32_t, 3> ids = {};
  std::string_view line = status_line(status, "Uid");
  for (auto& id : ids) {
    const auto number = base::number_in<std::uint32_t>(line.substr(0, line.find('\t')));
    if (!number) {
      return std::nullopt;
    }
    id = *number;
    line.remove_prefix(std::min(line.find('\t'), line.size() - 1) + 1);
  }
  return host::UserIds{.real = ids[0], .effective = ids[1], .saved = ids[2]};
}

// Empty if it cannot be determined.
std::string executable_in(int directory, const char* path) {
  auto executable = link_target(directory, path);
  if (constexpr std::string_view deleted = " (deleted)"; executable.ends_with(deleted)) {
    executable.resize(executable.size() - deleted.size());
  }
  return executable;
}

std::vector<std::string> split_arguments(std::string_view text) {
  std::vector<std::string> arguments;
  while (!text.empty()) {
    arguments.emplace_back(text.substr(0, text.find('\0')));
    text.remove_prefix(std::min(text.size(), arguments.back().size() + 1));
  }
  return arguments;
}

// TracerPid is the tracing thread; this returns its process. 0 if there is none, or it is gone by
// now.
int tracer_in(std::string_view status) {
  const auto thread = base::number_in<int>(status_line(status, "TracerPid")).value_or(0);
  const auto directory =
      thread != 0 ? open_process_directory(thread) : tl::unexpected(gone(thread));
  const auto text = directory ? directory->read("status") : tl::unexpected(directory.error());
  return text ? base::number_in<int>(status_line(*text, "Tgid")).value_or(0) : 0;
}

// The process that has this pid. not_found if it is gone or does not exist for the agent.
host::Result<host::Process> inspect(const ProcessDirectory& directory, int pid) {
  const auto status = directory.read("status");
  if (!status) {
    return tl::unexpected(status.error());
  }
  const auto pid_namespace = namespace_of(directory, pid, *status);
  if (!pid_namespace) {
    return tl::unexpected(gone(pid));
  }
  const auto users = users_in(*status);
  if (!users) {
    return tl::unexpected(
        host::Error{.text = directory.path + "/status: not in the form of proc(5)"});
  }
  // A security module may deny access.
  const auto command_line = directory.read("cmdline");
  if (!command_line && command_line.error().kind != host::ErrorKind::not_permitted) {
    return tl::unexpected(command_line.error());
  }
  auto executable = executable_in(directory.handle.get(), "exe");
  // The state is read last, so that a process that ended meanwhile, and whose other files could not
  // be read, is seen as ending.
  auto stat = read_stat(directory);
  if (!stat) {
    return tl::unexpected(stat.error());
  }
  return host::Process{.id = {.pid = pid, .start_time = stat->start_time},
                       .parent = stat->parent,
                       .session = stat->session,
                       .state = stat->state,
                       .users = *users,
                       .pid_namespace = *pid_namespace,
                       .tracer = tracer_in(*status),
                       .name = std::move(stat->name),
                       .arguments = split_arguments(command_line.value_or("")),
                       .executable = std::move(executable)};
}

host::Result<host::Process> inspect(int pid) {
  const auto directory = open_process_directory(pid);
  return directory ? inspect(*directory, pid) : tl::unexpected(directory.error());
}

bool has_name(const std::vector<std::string>& names, std::string_view name, std::size_t longest) {
  return std::ranges::any_of(names, [&](const std::string& wanted) {
    return std::string_view(wanted).substr(0, longest) == name;
  });
}

// Whether list() may have to return the process. Most processes are not wanted, so this has to be
// cheap.
host::Result<bool> is_candidate(int pid, const host::Search& search) {
  const auto path = path_of(pid);
  const auto executable = executable_in(AT_FDCWD, (path + "/exe").c_str());
  if (has_name(search.programs, executable.substr(executable.rfind('/') + 1), std::string::npos)) {
    return true;
  }
  const auto command_line = read_all(path + "/cmdline");
  const bool is_secret =
      !command_line && command_line.error().kind == host::ErrorKind::not_permitted;
  if (!command_line && !is_secret) {
    return tl::unexpected(command_line.error());
  }
  if (command_line && command_line->find(search.argument) != std::string::npos) {
    return true;
  }
  if (!executable.empty()) {
    return false;
  }
  const auto directory = open_process_directory(pid);
  const auto stat = directory ? read_stat(*directory) : tl::unexpected(directory.error());
  if (!stat) {
    return tl::unexpected(stat.error());
  }
  return !stat->is_kernel_thread &&
         (stat->state == host::ProcessState::exiting || stat->is_headless ||
          has_name(search.programs, stat->name, host::longest_process_name));
}

bool is_gone(const host::Error& error) { return error.kind == host::ErrorKind::not_found; }

// For a moment, only the missing program and command line show that a process ends: a thread has
// received SIGKILL and does not exit yet. A process that executes another program has the program
// before the command line. Looks again at all such processes together, so that many of them take no
// longer than one. One that is gone by then is a zombie.
void settle(std::vector<host::Process>& processes) {
  const auto is_doubtful = [](const host::Process& process) {
    return process.state != host::ProcessState::exiting &&
           process.state != host::ProcessState::zombie && process.arguments.empty();
  };
  for (const int pause_ms : {1, 10, 30}) {
    if (std::ranges::none_of(processes, is_doubtful)) {
      return;
    }
    ::poll(nullptr, 0, pause_ms);
    for (auto& process : processes) {
      auto again = is_doubtful(process) ? inspect(process.id.pid) : process;
      if (again && again->id == process.id) {
        process = *std::move(again);
      } else if (again || is_gone(again.error())) {
        process.state = host::ProcessState::zombie;
      }
    }
  }
}

constexpr std::chrono::milliseconds longest_pause(20);

// True if it is gone by the deadline.
bool wait_for_end(const host::ProcessId& process, host::TimePoint deadline) {
  for (;;) {
    const auto handle = open_process(process);
    if (handle ? handle->is_over() : is_gone(handle.error())) {
      return true;
    }
    // Without a handle the state is unknown: the process counts as alive, and is looked up at
    // intervals. A wait of seconds takes longer ones, since each costs several files of /proc.
    const auto now = std::chrono::steady_clock::now();
    const auto pause = std::clamp<host::Duration>((deadline - now) / 100, ProcessHandle::look_again,
                                                  longest_pause);
    pollfd polled = {.fd = handle ? handle->descriptor() : -1, .events = POLLIN, .revents = 0};
    const auto until = polled.fd >= 0 ? deadline : std::min<host::TimePoint>(deadline, now + pause);
    if (::poll(&polled, 1, poll_timeout_ms(until)) > 0) {
      return true;
    }
    if (std::chrono::steady_clock::now() >= deadline) {
      return false;
    }
  }
}

// A container may have the /proc of its node mounted: then each pid in it means another process.
host::Result<void> check_proc() {
  std::array<char, 32> self = {};
  const ssize_t length = ::readlink("/proc/self", self.data(), self.size());
  const std::string_view text(self.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  if (text != std::to_string(::getpid())) {
    return tl::unexpected(
        host::Error{.text = "/proc is not mounted or belongs to another PID namespace"});
  }
  return {};
}

}  // namespace

host::Result<host::Process> PosixProcessTable::find(int pid) {
  if (const auto proc = check_proc(); !proc) {
    return tl::unexpected(proc.error());
  }
  auto process = pid > 0 ? inspect(pid) : tl::unexpected(gone(pid));
  if (process) {
    std::vector<host::Process> alone = {*std::move(process)};
    settle(alone);
    return std::move(alone.front());
  }
  if (!is_gone(process.error())) {
    return process;
  }
  // Without a directory in /proc it may still exist and be hidden.
  const bool has_directory = pid > 0 && ::access(path_of(pid).c_str(), F_OK) == 0;
  if (pid > 0 && !has_directory && (::kill(pid, 0) == 0 || errno == EPERM)) {
    if (const auto all = check_that_nothing_is_hidden(); !all) {
      return tl::unexpected(all.error());
    }
  }
  return tl::unexpected(gone(pid));
}

host::Result<std::vector<host::Process>> PosixProcessTable::list(const host::Search& search) {
  auto proc = check_proc();
  if (proc) {
    proc = check_that_nothing_is_hidden();
  }
  if (!proc) {
    return tl::unexpected(proc.error());
  }
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir("/proc"), ::closedir);
  if (directory == nullptr) {
    return tl::unexpected(host::error_from(errno, "/proc"));
  }
  std::vector<host::Process> processes;
  for (;;) {
    errno = 0;
    const dirent* const entry = ::readdir(directory.get());
    if (entry == nullptr) {
      if (errno != 0) {
        return tl::unexpected(host::error_from(errno, "/proc"));
      }
      settle(processes);
      std::erase_if(processes, [](const host::Process& process) {
        return process.state == host::ProcessState::zombie;
      });
      return processes;
    }
    const auto pid = base::number_in<int>(entry->d_name);
    if (!pid) {
      continue;
    }
    // A cheap check excludes most processes of the node; only the others are inspected.
    const auto candidate = is_candidate(*pid, search);
    auto process = candidate && *candidate ? inspect(*pid) : tl::unexpected(gone(*pid));
    const auto* const error = !candidate ? &candidate.error()
                              : !process ? &process.error()
                                         : nullptr;
    if (error == nullptr) {
      processes.push_back(*std::move(process));
    } else if (error != nullptr && !is_gone(*error)) {
      return tl::unexpected(host::Error{.text = "cannot inspect all processes: " + error->text});
    }
  }
}

host::Result<void> PosixProcessTable::send(const host::ProcessId& process, host::Signal signal) {
  const auto handle = open_process(process);
  if (!handle) {
    return tl::unexpected(handle.error());
  }
  const auto directory = open_process_directory(process.pid);
  const auto ours =
      directory ? is_ours(*directory, process.pid) : tl::unexpected(directory.error());
  if (!ours || !*ours) {
    return tl::unexpected(ours ? gone(process.pid) : ours.error());
  }
  const int number = signal == host::Signal::terminate ? SIGTERM
                     : signal == host::Signal::kill    ? SIGKILL
                                                       : SIGCONT;
  return handle->signal(number);
}

std::vector<host::ProcessId> PosixProcessTable::wait_until_gone(
    std::span<const host::ProcessId> processes, host::TimePoint deadline) {
  // Waits for one after another, since the last one to end decides, and one handle is always
  // available.
  std::vector<host::ProcessId> living;
  for (const auto& process : processes) {
    if (!wait_for_end(process, deadline)) {
      living.push_back(process);
    }
  }
  return living;
}

}  // namespace posix
