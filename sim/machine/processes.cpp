#include "sim/machine/processes.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace sim {
namespace {

// signal(7): signals that are ignored by default.
bool is_harmless(int signal) {
  constexpr std::array<int, 4> harmless = {SIGCHLD, SIGURG, SIGWINCH, SIGCONT};
  return std::ranges::find(harmless, signal) != harmless.end();
}

Disposition disposition_of(const Process& process, int signal) {
  const auto found = process.dispositions.find(signal);
  return found == process.dispositions.end() ? Disposition::standard : found->second;
}

// proc(5), stat field 22: hundredths of a second since the boot.
std::uint64_t start_time_at(TimePoint moment) {
  using Ticks = std::chrono::duration<std::uint64_t, std::centi>;
  return std::chrono::duration_cast<Ticks>(moment.time_since_epoch()).count();
}

}  // namespace

Processes::Processes(Scheduler& time, Trace& trace) : time_(time), trace_(trace) {
  add({.group = init,
       .session = init,
       .executable = "/usr/lib/systemd/systemd",
       .arguments = {"/sbin/init"},
       .name = "systemd"});
  constexpr int first = 100;
  next_pid_ = first;
}

Process& Processes::add(Process process) {
  process.id = {.pid = free_pid(), .start_time = start_time_at(time_.now())};
  if (const auto* const parent = find(process.parent)) {
    process.group = process.group == 0 ? parent->group : process.group;
    process.session = process.session == 0 ? parent->session : process.session;
  }
  const int pid = process.id.pid;
  return processes_.emplace(pid, std::move(process)).first->second;
}

Process& Processes::fork(const Process& parent) {
  Process child = parent;
  child.parent = parent.id.pid;
  child.pending.clear();
  child.to_handle.clear();
  child.body.reset();
  return add(std::move(child));
}

Process* Processes::find(int pid) {
  const auto found = processes_.find(pid);
  return found == processes_.end() ? nullptr : &found->second;
}

Process* Processes::find(const host::ProcessId& id) {
  auto* const found = find(id.pid);
  return found != nullptr && found->id == id ? found : nullptr;
}

int Processes::add_thread() {
  const int number = free_pid();
  threads_.insert(number);
  return number;
}

int Processes::free_pid() {
  for (int turn = 0; turn < host::highest_pid; ++turn) {
    const int pid = next_pid_;
    next_pid_ = next_pid_ >= host::highest_pid ? 2 : next_pid_ + 1;
    if (!processes_.contains(pid) && !threads_.contains(pid)) {
      return pid;
    }
  }
  throw std::logic_error("out of PIDs");
}

void Processes::send(Process& receiver, int signal) {
  if (receiver.ended || receiver.is_exiting) {
    return;
  }
  if (receiver.is_uninterruptible) {
    receiver.pending.insert(signal);
    return;
  }
  if (signal == SIGCONT && receiver.is_stopped) {
    receiver.is_stopped = false;
    write(receiver, "runs again");
    go_on(receiver);
  }
  if (receiver.is_stopped && signal != SIGKILL) {
    receiver.pending.insert(signal);
    return;
  }
  act_on(receiver, signal);
}

void Processes::act_on(Process& receiver, int signal) {
  if (signal == SIGSTOP) {
    receiver.is_stopped = true;
    write(receiver, "stops");
    return;
  }
  const auto disposition =
      signal == SIGKILL ? Disposition::standard : disposition_of(receiver, signal);
  switch (disposition) {
    case Disposition::ignored:
      return;
    case Disposition::handled:
      receiver.to_handle.push_back(signal);
      if (receiver.body) {
        receiver.body->look();
      }
      return;
    case Disposition::standard:
      if (!is_harmless(signal)) {
        end(receiver, {.by = WaitStatus::By::signal, .value = signal});
      }
      return;
  }
}

void Processes::go_on(Process& process) {
  const auto pending = std::exchange(process.pending, {});
  for (const int signal : pending) {
    if (process.can_run()) {
      act_on(process, signal);
    }
  }
  if (process.can_run() && process.body) {
    process.body->look();
  }
}

void Processes::send_to_group(int group, int signal) {
  send_to_all(signal, [&](const Process& process) { return process.group == group; });
}

void Processes::send_to_guard(int guard, int signal) {
  send_to_all(signal, [&](const Process& process) { return process.guard == guard; });
}

void Processes::send_to_all(int signal, const std::function<bool(const Process&)>& is_meant) {
  for (auto& [pid, process] : processes_) {
    if (is_meant(process)) {
      send(process, signal);
    }
  }
}

void Processes::set_disposition(Process& process, int signal, Disposition disposition) {
  process.dispositions[signal] = disposition;
}

void Processes::set_uninterruptible(Process& process, bool is_uninterruptible) {
  process.is_uninterruptible = is_uninterruptible;
  write(process, is_uninterruptible ? "waits in the kernel" : "is back from the kernel");
  if (process.can_run()) {
    go_on(process);
  } else if (!is_uninterruptible && process.is_stopped && process.pending.contains(SIGKILL)) {
    act_on(process, SIGKILL);
  }
}

void Processes::end(Process& process, WaitStatus status) {
  if (process.ended || process.is_exiting) {
    return;
  }
  write(process, status.by == WaitStatus::By::exit ? "exits with " + std::to_string(status.value)
                                                   : "ends by " + signal_name(status.value));
  process.is_exiting = true;
  if (process.exiting_for == Duration(0)) {
    become_zombie(process, status);
    return;
  }
  time_.in(process.exiting_for, [this, id = process.id, status] {
    if (auto* const found = find(id)) {
      become_zombie(*found, status);
    }
  });
}

void Processes::become_zombie(Process& process, WaitStatus status) {
  process.is_exiting = false;
  process.ended = status;
  if (process.body) {
    process.body->close_all();
  }
  // The process may be the running one, so its body is destroyed in the next plan.
  time_.in(Duration(0), [body = std::exchange(process.body, nullptr)] {});
  leave_children_of(process);
  ends_.notify();
  auto* const parent = find(process.parent);
  if (parent == nullptr || parent->id.pid == init ||
      disposition_of(*parent, SIGCHLD) == Disposition::ignored) {
    // Not immediately: the current operation may still use it.
    time_.in(Duration(0), [this, id = process.id] {
      if (find(id) != nullptr) {
        processes_.erase(id.pid);
      }
    });
  } else if (parent->body) {
    parent->body->look();
  }
}

void Processes::leave_children_of(const Process& process) {
  std::vector<int> zombies;
  for (auto& [pid, child] : processes_) {
    if (child.parent == process.id.pid) {
      child.parent = init;
      if (child.ended) {
        zombies.push_back(pid);
      }
    }
  }
  for (const int pid : zombies) {
    processes_.erase(pid);
  }
}

WaitStatus Processes::reap(Process& zombie) {
  if (!zombie.ended) {
    throw std::logic_error(name_of(zombie) + " has not ended");
  }
  const auto status = *zombie.ended;
  processes_.erase(zombie.id.pid);
  return status;
}

void Processes::write(const Process& process, const std::string& what) {
  if (trace_.is_on()) {
    trace_.write(time_.now(), name_of(process), what);
  }
}

std::string name_of(const Process& process) {
  return process.name + "[" + std::to_string(process.id.pid) + "]";
}

std::string signal_name(int signal) {
  switch (signal) {
    case SIGHUP:
      return "SIGHUP";
    case SIGINT:
      return "SIGINT";
    case SIGQUIT:
      return "SIGQUIT";
    case SIGABRT:
      return "SIGABRT";
    case SIGKILL:
      return "SIGKILL";
    case SIGUSR1:
      return "SIGUSR1";
    case SIGSEGV:
      return "SIGSEGV";
    case SIGUSR2:
      return "SIGUSR2";
    case SIGPIPE:
      return "SIGPIPE";
    case SIGALRM:
      return "SIGALRM";
    case SIGTERM:
      return "SIGTERM";
    case SIGCHLD:
      return "SIGCHLD";
    case SIGCONT:
      return "SIGCONT";
    case SIGSTOP:
      return "SIGSTOP";
    default:
      return "signal " + std::to_string(signal);
  }
}

}  // namespace sim
