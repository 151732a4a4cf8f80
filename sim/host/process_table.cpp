#include "sim/host/process_table.h"

#include "agent/host/result.h"

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <string>
#include <vector>

namespace sim {
namespace {

tl::unexpected<host::Error> error_of(int pid, host::ErrorKind kind, const std::string& what) {
  return tl::unexpected(host::Error{.kind = kind, .text = "process " + std::to_string(pid) + what});
}

tl::unexpected<host::Error> gone(int pid) {
  return error_of(pid, host::ErrorKind::not_found, " does not exist");
}

host::ProcessState state_of(const Process& process) {
  if (process.ended) {
    return host::ProcessState::zombie;
  }
  if (process.is_exiting) {
    return host::ProcessState::exiting;
  }
  if (process.is_uninterruptible) {
    return host::ProcessState::uninterruptible;
  }
  return process.is_stopped ? host::ProcessState::stopped : host::ProcessState::running;
}

int number_of(host::Signal signal) {
  switch (signal) {
    case host::Signal::terminate:
      return SIGTERM;
    case host::Signal::kill:
      return SIGKILL;
    case host::Signal::resume:
      return SIGCONT;
  }
  throw std::logic_error("unknown signal");
}

bool is_wanted(const Process& process, const host::Search& search) {
  const auto program = process.executable.substr(process.executable.rfind('/') + 1);
  return process.is_exiting ||
         std::ranges::find(search.programs, program) != search.programs.end() ||
         std::ranges::any_of(process.arguments, [&](const std::string& argument) {
           return argument.find(search.argument) != std::string::npos;
         });
}

}  // namespace

std::optional<host::Error> SimProcessTable::take_error() {
  auto& machine = agent_.machine();
  const auto error = machine.process_table_error;
  if (!error) {
    return std::nullopt;
  }
  if (machine.process_table_failures > 0 && --machine.process_table_failures == 0) {
    machine.process_table_error.reset();
  }
  return host::error_from(*error, "/proc");
}

Process* SimProcessTable::visible(int pid) {
  auto* const found = agent_.machine().processes.find(pid);
  return found != nullptr && found->pid_namespace == agent_.process().pid_namespace ? found
                                                                                    : nullptr;
}

host::Process SimProcessTable::seen(const Process& process) {
  const auto user = agent_.identity().user;
  const bool is_over = process.is_exiting || process.ended;
  const bool may_know = (user == 0 || user == process.identity.user) && !is_over;
  return {.id = process.id,
          .parent = process.parent,
          .session = process.session,
          .state = state_of(process),
          .users = {.real = process.identity.user,
                    .effective = process.identity.user,
                    .saved = process.identity.user},
          .pid_namespace = process.is_below ? host::PidNamespace::inner : host::PidNamespace::own,
          .name = process.name,
          .arguments = is_over ? std::vector<std::string>() : process.arguments,
          .executable = may_know ? process.executable : ""};
}

host::Result<host::Process> SimProcessTable::find(int pid) {
  if (const auto error = take_error()) {
    return tl::unexpected(*error);
  }
  const auto* const found = visible(pid);
  return found != nullptr ? host::Result<host::Process>(seen(*found)) : gone(pid);
}

host::Result<std::vector<host::Process>> SimProcessTable::list(const host::Search& search) {
  if (const auto error = take_error()) {
    return tl::unexpected(*error);
  }
  const int pid_namespace = agent_.process().pid_namespace;
  std::vector<host::Process> found;
  for (const auto& [pid, process] : agent_.machine().processes.all()) {
    if (is_wanted(process, search) && !process.ended && process.pid_namespace == pid_namespace) {
      found.push_back(seen(process));
    }
  }
  return found;
}

host::Result<void> SimProcessTable::send(const host::ProcessId& process, host::Signal signal) {
  auto* const receiver = visible(process.pid);
  if (receiver == nullptr || receiver->id != process) {
    return gone(process.pid);
  }
  auto& machine = agent_.machine();
  const auto user = agent_.identity().user;
  if (user != 0 && user != receiver->identity.user) {
    return error_of(process.pid, host::ErrorKind::not_permitted, ": Operation not permitted");
  }
  const int number = number_of(signal);
  if (machine.trace.is_on()) {
    machine.trace.write(machine.time.now(), "agent[" + std::to_string(agent_.id().pid) + "]",
                        signal_name(number) + " to " + name_of(*receiver));
  }
  sent_.push_back({.signal = number,
                   .arguments = receiver->arguments,
                   .is_to_stranger = receiver->is_stranger});
  machine.processes.send(*receiver, number);
  return {};
}

std::vector<host::ProcessId> SimProcessTable::wait_until_gone(
    std::span<const host::ProcessId> processes, host::TimePoint deadline) {
  const auto lives = [this](const host::ProcessId& id) {
    const auto* const found = agent_.machine().processes.find(id);
    return found != nullptr && !found->ended;
  };
  agent_.pass_until(deadline, [&] { return std::ranges::none_of(processes, lives); });
  std::vector<host::ProcessId> living;
  std::ranges::copy_if(processes, std::back_inserter(living), lives);
  return living;
}

}  // namespace sim
