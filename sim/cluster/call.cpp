#include "sim/cluster/call.h"

#include <algorithm>
#include <utility>

namespace cluster {

Resource Resource::with(const std::string& parameter, const std::string& value) const {
  Resource changed = *this;
  changed.parameters[parameter] = value;
  return changed;
}

Resource Resource::without(const std::string& parameter) const {
  Resource changed = *this;
  changed.parameters.erase(parameter);
  return changed;
}

std::string pid_file_of(const Resource& resource) {
  const auto found = resource.parameters.find("pidfile");
  const bool is_set = found != resource.parameters.end() && !found->second.empty();
  return is_set ? found->second : "/var/run/kamailio_" + resource.name + "/kamailio.pid";
}

const std::vector<std::pair<std::string, int>>& exit_codes() {
  static const std::vector<std::pair<std::string, int>> codes = {
      {"success", code::success},
      {"generic_error", code::generic_error},
      {"invalid_arguments", code::invalid_arguments},
      {"unimplemented", code::unimplemented},
      {"not_permitted", code::not_permitted},
      {"not_installed", code::not_installed},
      {"not_configured", code::not_configured},
      {"not_running", code::not_running},
      {"running_promoted", code::running_promoted},
      {"failed_promoted", code::failed_promoted},
      {"degraded", code::degraded},
      {"degraded_promoted", code::degraded_promoted},
  };
  return codes;
}

std::string exit_code_name(int number) {
  const auto found = std::ranges::find(exit_codes(), number, &std::pair<std::string, int>::second);
  if (found == exit_codes().end()) {
    return "an unknown code";
  }
  std::string name = found->first;
  std::ranges::replace(name, '_', ' ');
  return name;
}

namespace {

class Variables {
 public:
  explicit Variables(host::Environment further) : all_(std::move(further)) {}

  void add(const char* name, const std::string& value) { all_.try_emplace(name, value); }

  void add_parameters(const Resource& resource) {
    for (const auto& [name, value] : resource.parameters) {
      all_.emplace("OCF_RESKEY_" + name, value);
    }
  }

  [[nodiscard]] host::Environment take() { return std::move(all_); }

 private:
  host::Environment all_;
};

void add_version(Variables& variables) {
  variables.add("OCF_RA_VERSION_MAJOR", "1");
  variables.add("OCF_RA_VERSION_MINOR", "1");
}

void add_names(Variables& variables, const ClusterCall& call, const std::string& resource) {
  variables.add("OCF_RESOURCE_INSTANCE", resource);
  variables.add("OCF_RESOURCE_TYPE", call.agent.type);
  variables.add("OCF_RESOURCE_PROVIDER", call.agent.provider);
}

// Variables that Pacemaker's library sets for any caller.
void add_services(Variables& variables, const ClusterCall& call, const std::string& resource) {
  add_version(variables);
  add_names(variables, call, resource);
  variables.add("OCF_EXIT_REASON_PREFIX", "ocf-exit-reason:");
  variables.add("OCF_RESKEY_crm_feature_set", "3.16.2");
  variables.add("HA_debug", "0");
}

void add_operation(Variables& variables, const ClusterCall& call) {
  variables.add("OCF_RESKEY_CRM_meta_name", call.action);
  variables.add("OCF_RESKEY_CRM_meta_timeout", std::to_string(call.timeout.count()));
  variables.add("OCF_RESKEY_CRM_meta_on_node", "node1");
  variables.add("HA_LOGFACILITY", "none");
  if (call.action == "monitor" || call.action == "status") {
    variables.add("OCF_RESKEY_CRM_meta_interval", std::to_string(call.interval.count()));
  }
}

}  // namespace

const std::vector<std::pair<std::string, Caller>>& callers() {
  static const std::vector<std::pair<std::string, Caller>> all = {
      {"pacemaker", Caller::pacemaker},
      {"pcs", Caller::pcs},
      {"crmsh", Caller::crmsh},
      {"drbd-reactor", Caller::drbd_reactor},
  };
  return all;
}

host::Environment environment_of(const ClusterCall& call) {
  Variables variables(call.further);
  variables.add("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  variables.add("OCF_ROOT", "/usr/lib/ocf");
  variables.add_parameters(call.resource);
  switch (call.caller) {
    case Caller::pacemaker:
      add_services(variables, call, call.resource.name);
      add_operation(variables, call);
      break;
    case Caller::pcs:
      add_services(variables, call, "test");
      break;
    case Caller::crmsh:
      break;
    case Caller::drbd_reactor:
      add_version(variables);
      add_names(variables, call, call.resource.name);
      break;
  }
  if (call.check_level && call.caller != Caller::crmsh) {
    variables.add("OCF_CHECK_LEVEL", std::to_string(*call.check_level));
  }
  return variables.take();
}

}  // namespace cluster
