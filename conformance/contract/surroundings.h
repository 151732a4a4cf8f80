#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace contract {

// What of the machine belongs to the agent alone while a check runs.
struct Surroundings {
  // All processes whose ancestor it is, apart from those that were there before.
  pid_t reaper = 1;
  // Where it may leave files. Links are not followed.
  std::vector<std::string> directories = {"/run", "/tmp", "/var", "/dev/shm", "/dev/mqueue"};
  // How paths begin there that are somebody else's.
  std::vector<std::string> of_others = {};
};

struct Process {
  std::uint64_t started = 0;  // tells it from a later one with the same pid
  std::string command;
  bool operator==(const Process&) const = default;
};

// A moment of the surroundings.
struct Snapshot {
  struct File {
    std::uint32_t mode = 0;
    std::uint64_t size = 0;
    std::int64_t changed = 0;  // in nanoseconds; 0 for a directory
    bool operator==(const File&) const = default;
  };

  std::map<std::string, File> files;
  std::map<pid_t, Process> processes;  // that live; zombies do not
  std::set<std::string> ipc;           // "shared memory 17"
};

// What is below `besides` is not looked at.
[[nodiscard]] Snapshot look_at(const Surroundings& surroundings, const std::string& besides);

[[nodiscard]] std::map<pid_t, Process> processes_below(pid_t reaper);

// As proc(5) has it: 'T' is stopped, 'Z' is a zombie; 'X' if there is no such process.
[[nodiscard]] char state_of(pid_t pid);

// "process 17 (sleep 100)": those that are there and were not.
[[nodiscard]] std::map<pid_t, Process> new_processes(const std::map<pid_t, Process>& before,
                                                     const std::map<pid_t, Process>& after);
[[nodiscard]] std::vector<std::string> names_of(const std::map<pid_t, Process>& processes);

// New files other than directories and logs.
[[nodiscard]] std::vector<std::string> new_files(const Snapshot& before, const Snapshot& after);
// Files that were made, removed or changed, other than logs; directories that were made or removed.
[[nodiscard]] std::vector<std::string> changed_files(const Snapshot& before, const Snapshot& after);
[[nodiscard]] std::vector<std::string> new_ipc(const Snapshot& before, const Snapshot& after);

}  // namespace contract
