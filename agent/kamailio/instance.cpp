#include "agent/kamailio/instance.h"

#include "agent/host/file_system.h"
#include "agent/ocf/request.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace kamailio {
namespace {

constexpr std::string_view pid_file_option = "-P";

}  // namespace

bool uses_pid_file(const host::Process& process, const Parameters& parameters) {
  const auto& arguments = process.arguments;
  const auto& path = parameters.pidfile.path;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const bool next_is_path = i + 1 < arguments.size() && arguments[i + 1] == path;
    if ((argument == pid_file_option && next_is_path) ||
        (argument.starts_with(pid_file_option) && argument.substr(2) == path)) {
      return true;
    }
  }
  return false;
}

bool is_mine(const host::Process& process, const Parameters& parameters) {
  if (process.state == host::ProcessState::exiting) {
    return std::ranges::any_of(parameters.binary.places, [&](const std::string& place) {
      constexpr std::size_t longest_name = 15;  // proc(5), comm
      return place.substr(place.rfind('/') + 1, longest_name) == process.name;
    });
  }
  if (process.state == host::ProcessState::zombie || !uses_pid_file(process, parameters)) {
    return false;
  }
  // By its path as called, or as the kernel knows it: one of them survives a symbolic link in the
  // path, a start by hand through PATH, and a package upgrade that has replaced the file.
  return std::ranges::any_of(parameters.binary.places, [&](const std::string& place) {
    return process.arguments.front() == place || process.executable == place;
  });
}

host::Result<std::vector<host::Process>> processes_of(const host::Host& host,
                                                      const Parameters& parameters) {
  constexpr int looks =
      2;  // a process can hide behind one look, by forking while the table is read
  host::Result<std::vector<host::Process>> processes;
  for (int look = 0; look < looks && processes && processes->empty(); ++look) {
    processes = host.processes.list(parameters.pidfile.path);
    if (processes) {
      std::erase_if(*processes,
                    [&](const host::Process& process) { return !is_mine(process, parameters); });
    }
  }
  return processes;
}

std::optional<host::Process> main_process_among(const std::vector<host::Process>& processes) {
  const auto is_a_parent = [&](const host::Process& candidate) {
    return std::ranges::find(processes, candidate.id.pid, &host::Process::parent) !=
           processes.end();
  };
  std::optional<host::Process> oldest;
  for (const auto& process : processes) {
    if (is_a_parent(process) && (!oldest || process.id.start_time < oldest->id.start_time)) {
      oldest = process;
    }
  }
  return oldest;
}

PidFile read_pid_file(const host::Host& host, const std::string& path) {
  constexpr std::size_t enough = 64;  // bytes: more than any pid needs
  constexpr std::string_view blanks = " \t\r\n";
  const auto text = host.files.read(path, enough);
  if (!text && text.error().kind == host::ErrorKind::not_found) {
    return {};
  }
  if (!text) {
    return {.state = PidFile::State::unreadable, .problem = text.error().text};
  }
  // Kamailio reads the first number and so do we.
  std::string_view number = *text;
  number.remove_prefix(std::min(number.find_first_not_of(blanks), number.size()));
  number = number.substr(0, number.find_first_of(blanks));
  const auto pid = ocf::parse_number(number);
  if (!pid || *pid < 1 || *pid > host::highest_pid) {
    return {.state = PidFile::State::garbled, .problem = path + " does not contain a process id"};
  }
  return {.state = PidFile::State::names_a_process, .pid = static_cast<int>(*pid)};
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
