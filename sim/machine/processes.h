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

// What a process does at a signal (POSIX sigaction). The default action is that of signal(7).
enum class Disposition { standard, ignored, handled };

// What a process does with its life. It is gone soon after the process has ended.
class Body {
 public:
  virtual ~Body() = default;

  // Something has changed: a signal is there to be handled, a child has ended, the process may run
  // again. Called in the middle of what somebody else does, so it only plans.
  virtual void look() = 0;

  // The process has ended: the kernel closes what it has open.
  virtual void close_all() = 0;
};

struct Process {
  host::ProcessId id;
  int parent = 0;
  int group = 0;
  int session = 0;
  int pid_namespace = 0;  // 0: that of the machine itself; another: a container's
  bool is_below = false;  // in a PID namespace below its own, with the mounts of the machine
  int guard = 0;          // the guard of a helper holds all that the helper starts; 0: none
  host::Denied denied = host::Denied::nothing;
  std::string executable;
  std::vector<std::string> arguments;
  std::string name;
  std::shared_ptr<const std::map<std::string, std::string>> environment;  // nothing: none
  Identity identity;

  bool is_stranger = false;  // no process of an instance, whatever its arguments say
  bool is_stopped = false;
  bool is_uninterruptible = false;  // waits in the kernel: every signal has to wait, too
  Duration exiting_for{};           // from its end until it is a zombie
  bool is_exiting = false;
  std::optional<WaitStatus> ended;  // a zombie
  std::map<int, Disposition> dispositions;
  std::set<int> pending;  // until it may run
  std::deque<int> to_handle;
  std::shared_ptr<Body> body;

  [[nodiscard]] bool can_run() const {
    return !is_stopped && !is_uninterruptible && !is_exiting && !ended;
  }
};

// The processes of the machine. Process 1 is there from the beginning and reaps orphans.
class Processes {
 public:
  static constexpr int init = 1;

  Processes(Scheduler& time, Trace& trace);

  // Gives the process a free pid and its start time. The rest is as given; without a group and a
  // session it has those of its parent.
  Process& add(Process process);

  // A child with all that fork(2) gives it, without a body yet.
  Process& fork(const Process& parent);

  // Nothing if there is none, or only a thread.
  [[nodiscard]] Process* find(int pid);
  [[nodiscard]] Process* find(const host::ProcessId& id);
  [[nodiscard]] const std::map<int, Process>& all() const { return processes_; }

  // No process, but a number that none gets.
  int add_thread();

  // kill(2), without asking who sends it.
  void send(Process& receiver, int signal);
  void send_to_group(int group, int signal);
  void send_to_guard(int guard, int signal);

  void set_disposition(Process& process, int signal, Disposition disposition);

  // The wait in the kernel begins or is over; what was pending comes then.
  void set_uninterruptible(Process& process, bool is_uninterruptible);

  void end(Process& process, WaitStatus status);

  // waitpid(2) without waiting: the zombie is gone.
  WaitStatus reap(Process& zombie);

  // Makes the pid the next one to be given out, if it is free then: after a long time, or in a
  // container with few pids, they come around.
  void set_next_pid(int pid) { next_pid_ = pid; }
  [[nodiscard]] int new_guard() { return next_guard_++; }

  // Changes whenever a process ends.
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

// As a trace and a timeline call it: "kamailio[101]", "SIGTERM".
[[nodiscard]] std::string name_of(const Process& process);
[[nodiscard]] std::string signal_name(int signal);

}  // namespace sim
