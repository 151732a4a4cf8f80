#include "conformance/contract/surroundings.h"

#include "agent/posix/proc.h"
#include "agent/posix/read_write.h"
#include "conformance/node/processes.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>

namespace contract {
namespace {

namespace fs = std::filesystem;

// A file of /proc, whose process may end at any moment.
std::string text_of(const std::string& path) { return posix::read_all(path).value_or(""); }

std::optional<posix::StatLine> stat_of(pid_t pid) {
  return posix::parse_stat(text_of("/proc/" + std::to_string(pid) + "/stat"));
}

std::string command_of(pid_t pid) {
  auto text = text_of("/proc/" + std::to_string(pid) + "/cmdline");
  while (!text.empty() && text.back() == '\0') {
    text.pop_back();
  }
  std::ranges::replace(text, '\0', ' ');
  constexpr std::size_t enough = 80;
  return text.substr(0, enough);
}

void add_file(const std::string& path, std::map<std::string, Snapshot::File>& files) {
  struct stat status = {};
  if (::lstat(path.c_str(), &status) != 0) {
    return;
  }
  Snapshot::File file{.mode = status.st_mode};
  // The time of a directory changes with its entries, and that of a terminal or a socket with its
  // use.
  if (S_ISREG(status.st_mode)) {
    file.size = static_cast<std::uint64_t>(status.st_size);
    file.changed = status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec;
  }
  files[path] = file;
}

void add_files(const std::string& directory, const std::string& besides,
               std::map<std::string, Snapshot::File>& files) {
  std::error_code error;
  fs::recursive_directory_iterator at(directory, fs::directory_options::skip_permission_denied,
                                      error);
  while (!error && at != fs::recursive_directory_iterator()) {
    const auto path = at->path().string();
    if (path == besides || path == "/var/log") {
      at.disable_recursion_pending();
    } else {
      add_file(path, files);
    }
    at.increment(error);
  }
}

// The second column is the identifier.
void add_ipc(const std::string& file, const std::string& kind, std::set<std::string>& all) {
  std::istringstream lines(text_of("/proc/sysvipc/" + file));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream columns(line);
    std::string key;
    std::string id;
    columns >> key >> id;
    all.insert(kind + " " + id);
  }
}

bool is_directory(const Snapshot::File& file) { return S_ISDIR(file.mode); }

}  // namespace

std::map<pid_t, Process> processes_below(pid_t reaper) {
  std::map<pid_t, posix::StatLine> all;
  for (const pid_t pid : node::all_pids()) {
    if (const auto stat = stat_of(pid)) {
      all[pid] = *stat;
    }
  }
  const auto is_below = [&](pid_t pid) {
    // A process from another namespace has no parent here.
    while (pid != reaper && all.contains(pid) && all.at(pid).stat.parent != 0) {
      pid = all.at(pid).stat.parent;
    }
    return pid == reaper || (reaper == 1 && pid != 1);
  };
  std::map<pid_t, Process> below;
  for (const auto& [pid, line] : all) {
    const bool is_dead = line.state == 'Z' || line.state == 'X';
    if (!is_dead && pid != reaper && pid != ::getpid() && is_below(pid)) {
      below[pid] = {.started = line.stat.start_time, .command = command_of(pid)};
    }
  }
  return below;
}

char state_of(pid_t pid) {
  const auto stat = stat_of(pid);
  return stat ? stat->state : 'X';
}

Snapshot look_at(const Surroundings& surroundings, const std::string& besides) {
  Snapshot snapshot;
  for (const auto& directory : surroundings.directories) {
    add_files(directory, besides, snapshot.files);
  }
  std::erase_if(snapshot.files, [&](const auto& file) {
    return std::ranges::any_of(surroundings.of_others, [&](const std::string& beginning) {
      return file.first.starts_with(beginning);
    });
  });
  snapshot.processes = processes_below(surroundings.reaper);
  add_ipc("shm", "shared memory", snapshot.ipc);
  add_ipc("sem", "semaphores", snapshot.ipc);
  add_ipc("msg", "message queue", snapshot.ipc);
  return snapshot;
}

std::map<pid_t, Process> new_processes(const std::map<pid_t, Process>& before,
                                       const std::map<pid_t, Process>& after) {
  std::map<pid_t, Process> found;
  for (const auto& [pid, process] : after) {
    const auto known = before.find(pid);
    if (known == before.end() || known->second.started != process.started) {
      found[pid] = process;
    }
  }
  return found;
}

std::vector<std::string> names_of(const std::map<pid_t, Process>& processes) {
  std::vector<std::string> names;
  for (const auto& [pid, process] : processes) {
    names.push_back("process " + std::to_string(pid) + " (" + process.command + ")");
  }
  return names;
}

std::vector<std::string> new_files(const Snapshot& before, const Snapshot& after) {
  std::vector<std::string> found;
  for (const auto& [path, file] : after.files) {
    if (!is_directory(file) && !before.files.contains(path)) {
      found.push_back(path);
    }
  }
  return found;
}

std::vector<std::string> changed_files(const Snapshot& before, const Snapshot& after) {
  std::vector<std::string> found;
  for (const auto& [path, file] : after.files) {
    const auto known = before.files.find(path);
    if (known == before.files.end()) {
      found.push_back(path + " is new");
    } else if (known->second != file) {
      found.push_back(path + " has changed");
    }
  }
  for (const auto& [path, file] : before.files) {
    if (!after.files.contains(path)) {
      found.push_back(path + " is gone");
    }
  }
  return found;
}

std::vector<std::string> new_ipc(const Snapshot& before, const Snapshot& after) {
  std::vector<std::string> found;
  std::ranges::set_difference(after.ipc, before.ipc, std::back_inserter(found));
  return found;
}

}  // namespace contract
