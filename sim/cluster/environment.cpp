#include "sim/cluster/environment.h"

#include <utility>

namespace cluster {

host::Environment pacemaker_environment(const ClusterCall& call) {
  host::Environment environment = call.further;
  const auto add = [&environment](const char* name, auto value) {
    environment.try_emplace(name, std::move(value));
  };
  add("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  add("OCF_RA_VERSION_MAJOR", "1");
  add("OCF_RA_VERSION_MINOR", "1");
  add("OCF_ROOT", "/usr/lib/ocf");
  add("OCF_EXIT_REASON_PREFIX", "ocf-exit-reason:");
  add("OCF_RESOURCE_INSTANCE", call.resource.name);
  add("OCF_RESOURCE_TYPE", "kamailio");
  add("OCF_RESOURCE_PROVIDER", "sip");
  add("OCF_RESKEY_crm_feature_set", "3.16.2");
  add("OCF_RESKEY_CRM_meta_name", call.action);
  add("OCF_RESKEY_CRM_meta_timeout", std::to_string(call.timeout.count()));
  add("OCF_RESKEY_CRM_meta_on_node", "node1");
  add("HA_LOGFACILITY", "none");
  add("HA_debug", "0");
  for (const auto& [name, value] : call.resource.parameters) {
    environment.emplace("OCF_RESKEY_" + name, value);
  }
  if (call.check_level) {
    environment.emplace("OCF_CHECK_LEVEL", std::to_string(*call.check_level));
  }
  if (call.action == "monitor") {
    environment.emplace("OCF_RESKEY_CRM_meta_interval", "10000");
  }
  return environment;
}

}  // namespace cluster
