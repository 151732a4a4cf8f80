#pragma once

#include "agent/host/environment.h"
#include "sim/host/agent_process.h"
#include "sim/host/process_table.h"
#include "sim/host/watched_host.h"
#include "sim/machine/machine.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sim {

// One call of the agent by the cluster.
struct AgentCall {
  std::vector<std::string> arguments = {};  // the action and further arguments
  host::Environment environment = {};
  // After this time the cluster sends SIGKILL to the agent's group.
  host::Duration timeout = std::chrono::seconds(30);
  // Kills the agent earlier, alone or with its group.
  std::optional<host::Duration> kill_after = {};
  enum class Victim { group, process } victim = Victim::group;
  Identity identity = {};
  OnCall on_call = {};  // before each call of the agent to the machine
};

struct AgentResult {
  int code = 0;             // of the agent; 1 if it was killed
  bool timed_out = false;   // the cluster killed it
  bool killed = false;      // something else killed it
  std::string reason = {};  // the last exit reason; empty if there is none
  std::string out = {};
  std::vector<SimLog::Line> log = {};
  std::vector<SentSignal> signals = {};
  host::Duration took{};

  [[nodiscard]] bool has_logged(std::string_view text) const;
};

// Runs the unchanged agent on the machine, in virtual time.
[[nodiscard]] AgentResult run_agent(Machine& machine, const AgentCall& call);

}  // namespace sim
