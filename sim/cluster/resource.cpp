#include "sim/cluster/resource.h"

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

}  // namespace cluster
