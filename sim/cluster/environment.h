#pragma once

#include "agent/host/environment.h"
#include "sim/cluster/resource.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cluster {

// ocf:PROVIDER:TYPE
struct AgentName {
  std::string provider = "sip";
  std::string type = "kamailio";
};

// Who runs agents. Each gives them another environment.
enum class Caller {
  pacemaker,     // lib/services/services_ocf.c
  pcs,           // pcs, by `crm_resource --validate`: a resource called "test", that has no node
  crmsh,         // crmsh/ra.py: OCF_ROOT and the parameters
  drbd_reactor,  // the promoter: no CRM_meta_*, hence no timeout
};

// "pacemaker", "pcs", "crmsh", "drbd-reactor"
[[nodiscard]] const std::vector<std::pair<std::string, Caller>>& callers();

// What is asked of an agent.
struct ClusterCall {
  const Resource& resource;
  std::string action;
  std::chrono::milliseconds timeout{0};
  std::optional<int> check_level = {};
  host::Environment further = {};  // goes before all else
  Caller caller = Caller::pacemaker;
  AgentName agent = {};
};

// What the caller puts into the environment of an agent. There is no __OCF_ACTION.
[[nodiscard]] host::Environment environment_of(const ClusterCall& call);

}  // namespace cluster
