#pragma once

#include "sim/kernel/random.h"
#include "sim/kernel/scheduler.h"
#include "sim/kernel/trace.h"
#include "sim/machine/files.h"
#include "sim/machine/pipe.h"
#include "sim/machine/processes.h"
#include "sim/machine/sockets.h"
#include "sim/machine/system_call.h"
#include "sim/machine/users.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

// One simulated machine. Everything in it depends on the seed and on nothing outside.
struct Machine {
  explicit Machine(std::uint64_t seed = 1);

  SeededRandom random;
  Scheduler time;
  Trace trace;
  Files files;
  Users users;
  Processes processes;
  Sockets sockets;

  // What has to go on although nobody waits for it any more, such as the guard of a helper whose
  // agent was killed.
  std::set<std::shared_ptr<void>> afterlife;

  std::string host_name = "node1";

  // What executable files do, by what they say they are.
  std::map<std::string, Life> programs;

  // Wall clock (CLOCK_REALTIME) minus monotonic clock; whoever sets the time changes it.
  Duration wall_offset;

  // Errno values with which the machine refuses to start any process, and to show any to the agent.
  std::optional<int> spawn_error;
  std::optional<int> process_table_error;
  int process_table_failures = 0;  // after so many it shows them again; 0: never

  // Puts a program there that anybody may run, with the directories on the way.
  void install(const std::string& path, Life program);
  // Behind the back of all processes, as an administrator would have done before: the directories
  // on the way are made, too.
  void put_file(const std::string& path, std::string_view text, unsigned mode = 0644,
                host::Owner owner = {});
  void put_directory(const std::string& path, unsigned mode = 0755, host::Owner owner = {});
  // These three take the place of what is there. A copy is the same program as its source, which
  // may be what it replaces; it throws std::runtime_error if that is not there.
  void put_copy(const std::string& path, const std::string& source, unsigned mode = 0755,
                host::Owner owner = {});
  void put_link(const std::string& path, const std::string& target, host::Owner owner = {});
  void put_fifo(const std::string& path, unsigned mode = 0644, host::Owner owner = {});

  // Which of the programs an executable file is, also by its interpreter (#!). ENOENT, EACCES and
  // so on, as execve(2).
  [[nodiscard]] Errno<std::string> program_at(const std::string& path, const Identity& who) const;

  [[nodiscard]] std::time_t wall_time() const;

 private:
  void make_place(const std::string& path);
  void make_parent_of(const std::string& path);
};

}  // namespace sim
