#include "sim/cluster/environment.h"

namespace cluster {

host::Environment pacemaker_environment(const ClusterCall& call) {
  host::Environment environment = call.further;
  const host::Environment usual = {
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
      {"OCF_RA_VERSION_MAJOR", "1"},
      {"OCF_RA_VERSION_MINOR", "1"},
      {"OCF_ROOT", "/usr/lib/ocf"},
      {"OCF_EXIT_REASON_PREFIX", "ocf-exit-reason:"},
      {"OCF_RESOURCE_INSTANCE", call.resource.name},
      {"OCF_RESOURCE_TYPE", "kamailio"},
      {"OCF_RESOURCE_PROVIDER", "sip"},
      {"OCF_RESKEY_crm_feature_set", "3.16.2"},
      {"OCF_RESKEY_CRM_meta_name", call.action},
      {"OCF_RESKEY_CRM_meta_timeout", std::to_string(call.timeout.count())},
      {"OCF_RESKEY_CRM_meta_on_node", "node1"},
      {"HA_LOGFACILITY", "none"},
      {"HA_debug", "0"},
  };
  environment.insert(usual.begin(), usual.end());
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
