#include "conformance/node/processes.h"

#include "agent/posix/proc.h"
#include "agent/posix/read_write.h"

#include <algorithm>
#include <bitset>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>

namespace node {
namespace {

std::string proc_file(int pid, const std::string& name) {
  return posix::read_all("/proc/" + std::to_string(pid) + "/" + name).value_or("");
}

std::optional<posix::StatLine> stat_of(int pid) {
  return posix::parse_stat(proc_file(pid, "stat"));
}

}  // namespace

std::vector<int> all_pids() {
  std::vector<int> pids;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename();
    if (std::ranges::all_of(name, [](char digit) { return digit >= '0' && digit <= '9'; })) {
      pids.push_back(std::stoi(name));
    }
  }
  std::ranges::sort(pids);
  return pids;
}

std::vector<std::string> arguments_of(int pid) {
  std::istringstream text(proc_file(pid, "cmdline"));
  std::vector<std::string> arguments;
  for (std::string argument; std::getline(text, argument, '\0');) {
    arguments.push_back(argument);
  }
  return arguments;
}

std::string name_of(int pid) {
  auto name = proc_file(pid, "comm");
  if (name.ends_with('\n')) {
    name.pop_back();
  }
  return name;
}

int parent_of(int pid) {
  const auto line = stat_of(pid);
  return line ? line->stat.parent : 0;
}

bool lives(int pid) {
  const auto line = stat_of(pid);
  return line && line->state != 'Z' && line->state != 'X';
}

bool is_stopped(int pid) {
  const auto line = stat_of(pid);
  return (line && line->state == 'T') || !lives(pid);
}

std::vector<int> pending_signals(int pid) {
  const auto status = proc_file(pid, "status");
  std::vector<int> signals;
  // Masks in hexadecimal, of the thread and of the process.
  for (const std::string key : {"\nSigPnd:\t", "\nShdPnd:\t"}) {
    const auto begin = status.find(key);
    if (begin == std::string::npos) {
      continue;
    }
    constexpr int hexadecimal = 16;
    const std::bitset<64> mask(
        std::stoull(status.substr(begin + key.size()), nullptr, hexadecimal));
    for (std::size_t bit = 0; bit < mask.size(); ++bit) {
      const int signal = static_cast<int>(bit) + 1;
      if (mask[bit] && signal != SIGCHLD) {
        signals.push_back(signal);
      }
    }
  }
  return signals;
}

bool is_in_inner_namespace(int pid) {
  constexpr std::string_view key = "NSpid:\t";
  const auto status = proc_file(pid, "status");
  const auto begin = status.find(key);
  if (begin == std::string::npos) {
    return false;
  }
  const auto numbers = begin + key.size();
  // Several numbers: one for each namespace.
  return status.substr(numbers, status.find('\n', begin) - numbers).find('\t') != std::string::npos;
}

}  // namespace node
