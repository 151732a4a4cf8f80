#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace contract {

// The part of the machine that belongs to the agent alone while a check runs.
struct Surroundings {
  // The agent's processes are the descendants of this one, except those that existed before.
  pid_t reaper = 1;
  // Directories in which the agent may leave files. Links are not followed.
  std::vector<std::string> directories = {"/run", "/tmp", "/var", "/dev/shm", "/dev/mqueue"};
  // Prefixes of paths that belong to others.
  std::vector<std::string> of_others = {};
};

struct Process {
  std::uint64_t started = 0;  // distinguishes it from a later process with the same PID
  std::string command;
  bool operator==(const Process&) const = default;
};

// A snapshot of the surroundings.
struct Snapshot {
  struct File {
    std::uint32_t mode = 0;
    std::uint64_t size = 0;
    std::int64_t changed = 0;  // in nanoseconds; 0 for a directory
    bool operator==(const File&) const = default;
  };

  std::map<std::string, File> files;
  std::map<pid_t, Process> processes;  // without zombies
  std::set<std::string> ipc;           // "shared memory 17"
};

// Ignores everything below `besides`.
[[nodiscard]] Snapshot look_at(const Surroundings& surroundings, const std::string& besides);

[[nodiscard]] std::map<pid_t, Process> processes_below(pid_t reaper);

// The state letter of proc(5): 'T' stopped, 'Z' zombie; 'X' if there is no such process.
[[nodiscard]] char state_of(pid_t pid);

// "process 17 (sleep 100)" for each process that is only in the second snapshot.
[[nodiscard]] std::map<pid_t, Process> new_processes(const std::map<pid_t, Process>& before,
                                                     const std::map<pid_t, Process>& after);
[[nodiscard]] std::vector<std::string> names_of(const std::map<pid_t, Process>& processes);

// New files other than directories and logs.
[[nodiscard]] std::vector<std::string> new_files(const Snapshot& before, const Snapshot& after);
// Files other than logs that were created, removed or changed; directories that were created or
// removed.
[[nodiscard]] std::vector<std::string> changed_files(const Snapshot& before, const Snapshot& after);
[[nodiscard]] std::vector<std::string> new_ipc(const Snapshot& before, const Snapshot& after);

}  // namespace contract
