#pragma once

#include "agent/host/clock.h"
#include "agent/host/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace host {

// proc(5), pid_max: no pid is higher.
inline constexpr int highest_pid = 4'194'304;

// Names one process for good. A pid alone is reused; pid and start time together are not.
struct ProcessId {
  int pid = 0;
  std::uint64_t start_time = 0;  // proc(5), stat field 22: clock ticks since boot

  friend bool operator==(const ProcessId&, const ProcessId&) = default;
};

enum class ProcessState {
  running,          // runs, or sleeps and can be woken
  stopped,          // by SIGSTOP or a tracer: it exists and does nothing
  uninterruptible,  // waits inside the kernel: even SIGKILL has to wait
  exiting,          // past saving and already without arguments, but it may still hold its ports
  zombie,           // dead, not yet reaped: holds no port, no memory, and has no arguments
};

struct Process {
  ProcessId id;
  int parent = 0;  // pid
  ProcessState state = ProcessState::running;
  std::string name;                    // the program's file name, cut after 15 bytes: proc(5), comm
  std::vector<std::string> arguments;  // argv; empty for a zombie and one that is exiting
  std::string executable;  // path of the running program; empty if this user may not know it. A
                           // deleted or replaced program keeps its former path.

  friend bool operator==(const Process&, const Process&) = default;
};

enum class Signal { terminate, kill, resume };  // SIGTERM, SIGKILL, SIGCONT

// The processes of the agent's own PID namespace. Those of an inner namespace (a container on this
// node) do not exist here, although /proc shows them: they are never listed, found or signalled.
class ProcessTable {
 public:
  virtual ~ProcessTable() = default;

  // The process that has this pid now, a zombie too; not_found if there is none.
  [[nodiscard]] virtual Result<Process> find(int pid) = 0;

  // All processes that have `text` within one of their arguments, and all that are exiting, since
  // nobody can tell any more which arguments those had. Never a zombie, never a kernel thread.
  // A process that ends while the table is read is left out. The cost grows with the whole node.
  [[nodiscard]] virtual Result<std::vector<Process>> list(std::string_view text) = 0;

  // Sends to just that process and never to a later one with its pid. not_found when it is gone (a
  // zombie is not gone: the signal has no effect), not_permitted if it belongs to somebody else.
  [[nodiscard]] virtual Result<void> send(const ProcessId& process, Signal signal) = 0;

  // Returns as soon as all of them are gone or zombies, at the deadline at the latest, with those
  // that still live.
  [[nodiscard]] virtual std::vector<ProcessId> wait_until_gone(std::span<const ProcessId> processes,
                                                               TimePoint deadline) = 0;
};

}  // namespace host
