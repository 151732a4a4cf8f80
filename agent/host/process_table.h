#pragma once

#include "agent/host/clock.h"
#include "agent/host/result.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace host {

// The highest pid: proc(5), pid_max.
inline constexpr int highest_pid = 4'194'304;

// Longer process names are cut: proc(5), comm.
inline constexpr std::size_t longest_process_name = 15;  // bytes

// Identifies one process for ever. A pid alone is reused; a pid with a start time is not.
struct ProcessId {
  int pid = 0;
  std::uint64_t start_time = 0;  // proc(5), stat field 22: clock ticks since boot

  friend bool operator==(const ProcessId&, const ProcessId&) = default;
};

enum class ProcessState {
  running,  // runs, or sleeps and can be woken; has no arguments if only its main thread ended
  stopped,  // by SIGSTOP or a tracer: it exists and does nothing
  uninterruptible,  // waits inside the kernel: even SIGKILL has to wait
  exiting,          // bound to end and already without arguments, but may still hold its ports
  zombie,           // dead, not yet reaped: holds no port, no memory, and has no arguments
};

// The uids of a process (credentials(7)). A program with the set-user-ID bit keeps the real uid of
// the user who started it.
struct UserIds {
  std::uint32_t real = 0;
  std::uint32_t effective = 0;
  std::uint32_t saved = 0;

  friend bool operator==(const UserIds&, const UserIds&) = default;
};

// inner: a PID namespace nested in the agent's.
enum class PidNamespace { own, inner };

struct Process {
  ProcessId id;
  int parent = 0;   // pid
  int session = 0;  // pid of its leader, who may be gone; a process can only leave it for its own
  ProcessState state = ProcessState::running;
  UserIds users;
  PidNamespace pid_namespace = PidNamespace::own;
  int tracer = 0;                      // the process that traces it, ptrace(2); 0 if there is none
  std::string name;                    // the program's file name, cut after 15 bytes: proc(5), comm
  std::vector<std::string> arguments;  // argv; empty for a zombie and one that is exiting, and if
                                       // this user may not know it. A process can overwrite it.
  std::string executable;  // path of the running program; empty if there is none any more or this
                           // user may not know it. A deleted or replaced program keeps its former
                           // path.

  friend bool operator==(const Process&, const Process&) = default;
};

enum class Signal { terminate, kill, resume };  // SIGTERM, SIGKILL, SIGCONT

// The processes for which list() looks.
struct Search {
  std::string argument;               // a text within one argument
  std::vector<std::string> programs;  // file names, without directories
};

// The processes of the agent's own PID namespace. Processes of a container on this node, which has
// its own PID and mount namespaces, are never listed, found or signalled, although /proc shows
// them.
class ProcessTable {
 public:
  virtual ~ProcessTable() = default;

  // The process that has this pid now, also if it is a zombie. Errors: not_found if there is none;
  // `failed` if it exists but cannot be inspected.
  [[nodiscard]] virtual Result<Process> find(int pid) = 0;

  // All processes that have the text in an argument or run a program file with one of the names,
  // and all that are exiting, since their arguments are no longer known. A process whose program is
  // not known counts if its `name` is one of the names. Zombies, kernel threads, and processes that
  // end while the table is read are left out. `failed` if there may be processes that are not
  // visible. The cost grows with the number of processes on the node.
  [[nodiscard]] virtual Result<std::vector<Process>> list(const Search& search) = 0;

  // Sends a signal to this process and never to a later one with its pid. Errors: not_found when it
  // is gone (a zombie is not gone: the signal has no effect), not_permitted if it belongs to
  // another user.
  [[nodiscard]] virtual Result<void> send(const ProcessId& process, Signal signal) = 0;

  // Returns as soon as all of them are gone or zombies, at the latest at the deadline, with those
  // that are still alive.
  [[nodiscard]] virtual std::vector<ProcessId> wait_until_gone(std::span<const ProcessId> processes,
                                                               TimePoint deadline) = 0;
};

}  // namespace host
