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

// A simulated machine. It depends only on the seed.
struct Machine {
  explicit Machine(std::uint64_t seed = 1);

  SeededRandom random;
  Scheduler time;
  Trace trace;
  Files files;
  Users users;
  Processes processes;
  Sockets sockets;

  // Tasks that continue without a waiter, such as the guard of a helper whose agent was killed.
  std::set<std::shared_ptr<void>> afterlife;

  std::string host_name = "node1";

  // The actors of executable files, by the program that a file declares.
  std::map<std::string, Life> programs;

  // Wall clock (CLOCK_REALTIME) minus monotonic clock; setting the time changes it.
  Duration wall_offset;

  // The errno values with which the machine fails to start any process, and to list processes for
  // the agent.
  std::optional<int> spawn_error;
  std::optional<int> process_table_error;
  int process_table_failures = 0;  // the number of failures; 0: without end

  // Installs a program that anybody may execute, and its parent directories.
  void install(const std::string& path, Life program);
  // Creates files without a process, as an administrator would have done before, and their parent
  // directories.
  void put_file(const std::string& path, std::string_view text, unsigned mode = 0644,
                host::Owner owner = {});
  void put_directory(const std::string& path, unsigned mode = 0755, host::Owner owner = {});
  // These three replace an existing file. A copy is the same program as its source, which may be
  // the replaced file; throws std::runtime_error if the source does not exist.
  void put_copy(const std::string& path, const std::string& source, unsigned mode = 0755,
                host::Owner owner = {});
  void put_link(const std::string& path, const std::string& target, host::Owner owner = {});
  void put_fifo(const std::string& path, unsigned mode = 0644, host::Owner owner = {});

  // The program of an executable file, also through its interpreter (#!). ENOENT, EACCES and so on,
  // as execve(2).
  [[nodiscard]] Errno<std::string> program_at(const std::string& path, const Identity& who) const;

  [[nodiscard]] std::time_t wall_time() const;

 private:
  void make_place(const std::string& path);
  void make_parent_of(const std::string& path);
};

}  // namespace sim
