#include "agent/kamailio/instance.h"

#include "agent/host/clock.h"
#include "agent/host/file_system.h"
#include "agent/kamailio/reasons.h"
#include "agent/kamailio/trusted_users.h"
#include "agent/ocf/request.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>

namespace kamailio {
namespace {

using namespace std::chrono_literals;

std::optional<int> pid_in(const PidFile& pid_file) {
  return pid_file.state == PidFile::State::names_a_process ? std::optional(pid_file.pid)
                                                           : std::nullopt;
}

// A shortage of memory or descriptors usually passes in a moment, and giving up would cost a
// restart.
host::Result<std::vector<host::Process>> list(const host::Host& host, const host::Search& search) {
  auto processes = host.processes.list(search);
  for (const auto pause : {10ms, 30ms, 60ms}) {
    if (processes) {
      break;
    }
    host.clock.sleep_until(host.clock.now() + pause);
    processes = host.processes.list(search);
  }
  if (!processes) {
    // The kind of the error is dropped: it says nothing about the instance.
    return tl::unexpected(host::Error{.text = processes.error().text});
  }
  return processes;
}

std::string why_unknown(const host::Process& process) {
  if (process.state == host::ProcessState::exiting) {
    return "it is exiting and has no command line any more";
  }
  if (process.pid_namespace == host::PidNamespace::inner) {
    return "it runs in a nested PID namespace";
  }
  return "its command line or its user cannot be determined";
}

}  // namespace

host::Result<Census> look_for_processes(const host::Host& host, const Parameters& parameters,
                                        const PidFile& pid_file,
                                        std::span<const host::ProcessId> known) {
  constexpr int looks = 2;  // a process that forks while the table is read can be missed once
  TrustedUsers trusted(host, parameters);
  Clues clues = {.named = pid_in(pid_file), .known = {known.begin(), known.end()}};
  host::Search search = {.argument = parameters.pidfile.path,
                         .programs = program_names(parameters)};
  Census census;
  const auto look = [&]() -> host::Result<void> {
    const auto processes = list(host, search);
    if (!processes) {
      return tl::unexpected(processes.error());
    }
    census = take_census(*processes, parameters, std::ref(trusted), clues);
    return {};
  };
  auto done = look();
  for (int looked = 1; done && looked < looks && census.is_empty(); ++looked) {
    done = look();
  }
  if (done) {
    clues.programs = other_programs_of(census.mine, parameters);
    search.programs.insert(search.programs.end(), clues.programs.begin(), clues.programs.end());
    done = clues.programs.empty() ? done : look();
  }
  if (!done) {
    return tl::unexpected(done.error());
  }
  return census;
}

std::optional<host::Process> process_named_by(const host::Host& host, const Parameters& parameters,
                                              const PidFile& pid_file) {
  const auto pid = pid_in(pid_file);
  const auto process =
      pid ? host.processes.find(*pid) : tl::unexpected(host::Error{.text = "no pid"});
  if (!process || process->state == host::ProcessState::exiting) {
    return std::nullopt;
  }
  TrustedUsers trusted(host, parameters);
  const auto census = take_census({*process}, parameters, std::ref(trusted), {.named = pid});
  return census.mine.empty() ? std::nullopt : std::optional(census.mine.front());
}

std::optional<host::Process> main_process_among(const std::vector<host::Process>& processes) {
  const auto is_a_parent = [&](const host::Process& candidate) {
    return std::ranges::find(processes, candidate.id.pid, &host::Process::parent) !=
           processes.end();
  };
  std::optional<host::Process> oldest;
  for (const auto& process : processes) {
    // A process that is exiting keeps its children for a while, but does nothing for them any more.
    const bool is_exiting = process.state == host::ProcessState::exiting;
    if (!is_exiting && is_a_parent(process) &&
        (!oldest || process.id.start_time < oldest->id.start_time)) {
      oldest = process;
    }
  }
  return oldest;
}

PidFile read_pid_file(const host::Host& host, const std::string& path) {
  constexpr std::size_t enough = 64;  // bytes: more than any pid needs
  constexpr std::string_view blanks = " \t\r\n";
  if (!path.starts_with('/')) {
    return {};  // an invalid parameter; stop has to work nevertheless
  }
  const auto text = host.files.read(path, enough);
  if (!text && text.error().kind == host::ErrorKind::not_found) {
    return {};
  }
  if (!text) {
    return {.state = PidFile::State::unreadable, .problem = text.error().text};
  }
  // Kamailio reads the first number, and so does the agent.
  std::string_view number = *text;
  number.remove_prefix(std::min(number.find_first_not_of(blanks), number.size()));
  number = number.substr(0, number.find_first_of(blanks));
  const auto pid = ocf::parse_number(number);
  if (!pid || *pid < 1 || *pid > host::highest_pid) {
    return {.state = PidFile::State::garbled};
  }
  return {.state = PidFile::State::names_a_process, .pid = static_cast<int>(*pid)};
}

ocf::Outcome is_unknown(const std::vector<host::Process>& processes, const Parameters& parameters) {
  const auto& first = processes.front();
  return fail<Reason::process_unknown>(name_processes(processes), first.name,
                                       parameters.pidfile.path, why_unknown(first));
}

std::string describe_impostor(const host::Process& process, const Parameters& parameters) {
  return "process " + std::to_string(process.id.pid) + " has -P " + parameters.pidfile.path +
         " on its command line, but runs " +
         (process.executable.empty() ? process.name : process.executable) + " as uid " +
         std::to_string(process.users.real) + ": it is not this instance and is left alone";
}

std::string name_processes(const std::vector<host::Process>& processes) {
  constexpr std::size_t most = 5;
  std::string text = processes.size() == 1 ? "process" : "processes";
  const std::size_t named = std::min(processes.size(), most);
  for (std::size_t i = 0; i < named; ++i) {
    const bool is_last = i + 1 == processes.size();
    text += (i == 0 ? " " : is_last ? " and " : ", ") + std::to_string(processes[i].id.pid);
  }
  if (processes.size() > named) {
    text += " and " + std::to_string(processes.size() - named) + " more";
  }
  return text;
}

}  // namespace kamailio
