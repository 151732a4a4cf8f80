#pragma once

#include "agent/host/process_table.h"
#include "sim/host/agent_process.h"

#include <optional>
#include <string>
#include <vector>

namespace sim {

// A signal from the agent.
struct SentSignal {
  int signal = 0;
  std::vector<std::string> arguments = {};  // of the receiving process
  bool is_to_stranger = false;
};

// The processes of the machine as the agent sees them.
class SimProcessTable final : public host::ProcessTable {
 public:
  explicit SimProcessTable(AgentProcess& agent) : agent_(agent) {}

  [[nodiscard]] host::Result<host::Process> find(int pid) override;
  [[nodiscard]] host::Result<std::vector<host::Process>> list(const host::Search& search) override;
  [[nodiscard]] host::Result<void> send(const host::ProcessId& process,
                                        host::Signal signal) override;
  [[nodiscard]] std::vector<host::ProcessId> wait_until_gone(
      std::span<const host::ProcessId> processes, host::TimePoint deadline) override;

  [[nodiscard]] const std::vector<SentSignal>& sent() const { return sent_; }

 private:
  // The error with which this call fails, if any.
  [[nodiscard]] std::optional<host::Error> take_error();
  [[nodiscard]] Process* visible(int pid);
  [[nodiscard]] host::Process seen(const Process& process);

  AgentProcess& agent_;
  std::vector<SentSignal> sent_;
};

}  // namespace sim
