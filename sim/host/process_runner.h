#pragma once

#include "agent/host/environment.h"
#include "agent/host/process_runner.h"
#include "sim/host/agent_process.h"

#include <vector>

namespace sim {

// Runs the programs that are installed on the machine.
class SimProcessRunner final : public host::ProcessRunner {
 public:
  SimProcessRunner(AgentProcess& agent, const host::Environment& environment)
      : agent_(agent), environment_(environment) {}

  [[nodiscard]] std::vector<host::ProcessResult> run(
      std::span<const host::Command> helpers,
      const std::optional<host::ProcessId>& while_alive) override;
  [[nodiscard]] host::ProcessResult launch(const host::Command& daemon) override;

 private:
  AgentProcess& agent_;
  const host::Environment& environment_;
};

}  // namespace sim
