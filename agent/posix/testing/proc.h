#pragma once

#include "agent/posix/descriptor.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

// The tests' own reader of proc(5), independent of the tested one.

namespace posix::testing {

// The readable part of a file: a process may end while its files are read.
inline std::string text_of_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  std::array<char, 4096> part = {};
  for (ssize_t count = 1; count > 0 || (count < 0 && errno == EINTR);) {
    count = ::read(file.get(), part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  }
  return text;
}

struct ProcStat {
  char state = '?';
  int parent = 0;
  std::uint64_t start_time = 0;
};

// Nothing if there is no such process.
inline std::optional<ProcStat> proc_stat(int pid) {
  const std::string text = text_of_file("/proc/" + std::to_string(pid) + "/stat");
  const auto name_end = text.rfind(')');
  if (name_end == std::string::npos) {
    return std::nullopt;
  }
  std::istringstream fields(text.substr(name_end + 1));
  ProcStat stat;
  fields >> stat.state >> stat.parent;
  std::string skipped;
  for (int field = 5; field < 22; ++field) {
    fields >> skipped;
  }
  fields >> stat.start_time;
  return stat;
}

inline bool lives(int pid) {
  const auto stat = proc_stat(pid);
  return stat && stat->state != 'Z' && stat->state != 'X';
}

inline std::vector<int> all_pids() {
  std::vector<int> pids;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    int pid = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error == std::errc{} && end == name.data() + name.size()) {
      pids.push_back(pid);
    }
  }
  return pids;
}

// Living processes with the text in their command line.
inline std::vector<int> living_with(const std::string& text) {
  std::vector<int> pids;
  for (const int pid : all_pids()) {
    const std::string command_line = text_of_file("/proc/" + std::to_string(pid) + "/cmdline");
    if (command_line.find(text) != std::string::npos && lives(pid)) {
      pids.push_back(pid);
    }
  }
  return pids;
}

}  // namespace posix::testing
