#pragma once

#include "agent/host/environment.h"
#include "sim/cluster/resource.h"

#include <chrono>
#include <optional>
#include <string>

namespace cluster {

// What the cluster asks of an agent.
struct ClusterCall {
  const Resource& resource;
  std::string action;
  std::chrono::milliseconds timeout{0};
  std::optional<int> check_level = {};
  host::Environment further = {};  // goes before all else
};

// What Pacemaker puts into the environment of an agent (lib/services/services_ocf.c). There is no
// __OCF_ACTION.
[[nodiscard]] host::Environment pacemaker_environment(const ClusterCall& call);

}  // namespace cluster
