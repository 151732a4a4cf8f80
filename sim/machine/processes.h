#pragma once

#include "agent/host/process_runner.h"
#include "agent/host/process_table.h"
#include "sim/kernel/scheduler.h"
#include "sim/kernel/trace.h"
#include "sim/machine/system_call.h"

#include <compare>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace sim {

// How a process ended: POSIX waitpid.
struct WaitStatus {
  enum class By { exit, signal };

  By by = By::exit;
  int value = 0;  // the exit code, 0 to 255, or the number of the signal

  friend bool operator==(const WaitStatus&, const WaitStatus&) = default;
};

// The disposition of a signal (POSIX sigaction). The default action is that of signal(7).
enum class Disposition { standard, ignored, handled };

// The behaviour of a process. It is destroyed soon after the process has ended.
class Body {
 public:
  virtual ~Body() = default;

  // Called on a change: a signal to handle, the end of a child, or the process may run again. It is
  // called in the middle of another operation, so it only creates plans.
  virtual void look() = 0;

  // Called when the process has ended: the kernel closes its descriptors.
  virtual void close_all() = 0;
};

struct Process {
  host::ProcessId id;
  int parent = 0;
  int group = 0;
  int session = 0;
  int pid_namespace = 0;  // 0: that of the machine; otherwise that of a container
  bool is_below = false;  // in a PID namespace below the machine's, with its mounts
  int guard = 0;          // the guard of a helper holds all that the helper starts; 0: none
  host::Denied denied = host::Denied::nothing;
  std::string executable;
  std::vector<std::string> arguments;
  std::string name;
  std::shared_ptr<const std::map<std::string, std::string>> environment;  // nothing: none
  Identity identity;

  bool is_stranger = false;  // not a process of an instance, whatever its arguments
  bool is_stopped = false;
  bool is_uninterruptible = false;  // waits in the kernel, where signals do not reach it
  Duration exiting_for{};           // time from its end until it is a zombie
  bool is_exiting = false;
  std::optional<WaitStatus> ended;  // a zombie
  std::map<int, Disposition> dispositions;
  std::set<int> pending;  // signals until it may run
  std::deque<int> to_handle;
  std::shared_ptr<Body> body;

  [[nodiscard]] bool can_run() const {
    return !is_stopped && !is_uninterruptible && !is_exiting && !ended;
  }
};

// The processes of the machine. Process 1 always exists and reaps orphans.
class Processes {
 public:
  static constexpr int init = 1;

  Processes(Scheduler& time, Trace& trace);

  // Assigns a free PID and the start time. By default, group and session are those of the parent.
  Process& add(Process process);

  // A child with the attributes that fork(2) copies, without a body yet.
  Process& fork(const Process& parent);

  // Nothing if there is no such process, or only a thread.
  [[nodiscard]] Process* find(int pid);
  [[nodiscard]] Process* find(const host::ProcessId& id);
  [[nodiscard]] const std::map<int, Process>& all() const { return processes_; }

  // Reserves a number that no process gets.
  int add_thread();

  // kill(2) without a permission check.
  void send(Process& receiver, int signal);
  void send_to_group(int group, int signal);
  void send_to_guard(int guard, int signal);

  void set_disposition(Process& process, int signal, Disposition disposition);

  // Begins or ends the wait in the kernel. Pending signals are delivered at its end.
  void set_uninterruptible(Process& process, bool is_uninterruptible);

  void end(Process& process, WaitStatus status);

  // waitpid(2) with WNOHANG: reaps a zombie.
  WaitStatus reap(Process& zombie);

  // Makes this the next PID if it is free, as after a wrap-around of PIDs.
  void set_next_pid(int pid) { next_pid_ = pid; }
  [[nodiscard]] int new_guard() { return next_guard_++; }

  // Notified whenever a process ends.
  [[nodiscard]] WaitList& ends() { return ends_; }

 private:
  int free_pid();
  void send_to_all(int signal, const std::function<bool(const Process&)>& is_meant);
  void act_on(Process& receiver, int signal);
  void go_on(Process& process);
  void become_zombie(Process& process, WaitStatus status);
  void leave_children_of(const Process& process);
  void write(const Process& process, const std::string& what);

  Scheduler& time_;
  Trace& trace_;
  std::map<int, Process> processes_;
  std::set<int> threads_;
  WaitList ends_;
  int next_pid_ = 1;
  int next_guard_ = 1;
};

// The name in traces and timelines: "kamailio[101]", "SIGTERM".
[[nodiscard]] std::string name_of(const Process& process);
[[nodiscard]] std::string signal_name(int signal);

}  // namespace sim
