#pragma once

#include "sim/world/machine.h"

#include <functional>
#include <map>
#include <string>

namespace sim {

// Thrown out of whatever the agent waits for when its process has been ended. It is no error that
// the agent may handle: nothing of it goes on.
struct AgentEnded {};

// The process on the simulated machine that the agent is. All waits of the agent are its.
class AgentProcess {
 public:
  // It is a child of `parent`, in a group of its own, as the executor of the cluster starts it.
  explicit AgentProcess(Machine& machine, int parent = Processes::init, Identity identity = {});
  AgentProcess(const AgentProcess&) = delete;
  AgentProcess& operator=(const AgentProcess&) = delete;
  // Ends with exit code 0 if nothing else was said.
  ~AgentProcess();

  [[nodiscard]] Machine& machine() { return machine_; }
  [[nodiscard]] const host::ProcessId& id() const { return id_; }
  // Throws AgentEnded if it has none any more.
  [[nodiscard]] Process& process();
  [[nodiscard]] const Identity& identity() const { return identity_; }
  void change_identity(Identity identity);

  // As Scheduler::pass_until. While the process is stopped, nothing is over.
  bool pass_until(TimePoint deadline, const std::function<bool()>& condition);

  void exit(int code);

 private:
  Machine& machine_;
  host::ProcessId id_;
  Identity identity_;
};

}  // namespace sim
