#pragma once

#include "agent/host/environment.h"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cluster {

// A resource of the cluster.
struct Resource {
  std::string name;
  std::map<std::string, std::string> parameters = {};

  [[nodiscard]] Resource with(const std::string& parameter, const std::string& value) const;
  [[nodiscard]] Resource without(const std::string& parameter) const;
};

// The PID file of a Kamailio resource: the parameter pidfile, or its default.
[[nodiscard]] std::string pid_file_of(const Resource& resource);

// OCF 1.1, "Exit Status Codes".
namespace code {
inline constexpr int success = 0;
inline constexpr int generic_error = 1;
inline constexpr int invalid_arguments = 2;
inline constexpr int unimplemented = 3;
inline constexpr int not_permitted = 4;
inline constexpr int not_installed = 5;
inline constexpr int not_configured = 6;
inline constexpr int not_running = 7;
inline constexpr int running_promoted = 8;
inline constexpr int failed_promoted = 9;
inline constexpr int degraded = 190;
inline constexpr int degraded_promoted = 191;
}  // namespace code

// All exit codes, by Pacemaker's names: "success", "not_running" ...
[[nodiscard]] const std::vector<std::pair<std::string, int>>& exit_codes();

// "success", "not running"; "an unknown code" for any other number.
[[nodiscard]] std::string exit_code_name(int number);

// ocf:PROVIDER:TYPE
struct AgentName {
  std::string provider = "sip";
  std::string type = "kamailio";
};

// The callers of agents. Each sets another environment.
enum class Caller {
  pacemaker,     // lib/services/services_ocf.c
  pcs,           // pcs, by `crm_resource --validate`: a resource called "test", that has no node
  crmsh,         // crmsh/ra.py: OCF_ROOT and the parameters
  drbd_reactor,  // the promoter: no CRM_meta_*, hence no timeout
};

// "pacemaker", "pcs", "crmsh", "drbd-reactor"
[[nodiscard]] const std::vector<std::pair<std::string, Caller>>& callers();

// One call of an agent.
struct ClusterCall {
  const Resource& resource;
  std::string action;
  std::chrono::milliseconds timeout{0};
  std::optional<int> check_level = {};
  host::Environment further = {};  // overrides everything else
  Caller caller = Caller::pacemaker;
  AgentName agent = {};
  std::chrono::milliseconds interval{10'000};  // of a monitor; 0: it does not recur
};

// The environment that the caller gives an agent. There is no __OCF_ACTION.
[[nodiscard]] host::Environment environment_of(const ClusterCall& call);

}  // namespace cluster
