#pragma once

#include "agent/host/environment.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace sim {

// What the cluster asks of an agent.
struct ClusterCall {
  std::string resource;
  std::map<std::string, std::string> parameters;
  std::string action;
  std::chrono::milliseconds timeout{0};
  std::optional<int> check_level = {};
  host::Environment further = {};  // goes before all else
};

// What Pacemaker puts into the environment of an agent (lib/services/services_ocf.c). There is no
// __OCF_ACTION.
[[nodiscard]] host::Environment pacemaker_environment(const ClusterCall& call);

}  // namespace sim
