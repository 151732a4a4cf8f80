#include "agent/kamailio/actions.h"
#include "agent/kamailio/exposed_files.h"
#include "agent/kamailio/node.h"
#include "agent/kamailio/refusal.h"
#include "agent/kamailio/schedule.h"

namespace kamailio {

ocf::Outcome validate_all(const Context& context) {
  const auto& [host, request, parameters, errors, begin, timeout] = context;
  if (auto refused = refusal(errors)) {
    return *refused;
  }
  if (request.check_level == ocf::CheckLevel::lightest) {
    return {};
  }
  const auto binary = inspect_node(host, parameters);
  if (!binary) {
    return binary.error();
  }
  warn_of_exposed_files(host, parameters);
  return refused_configuration(host, parameters, *binary, begin + usable_time(timeout))
      .value_or(ocf::Outcome{});
}

ocf::Outcome reload_agent(const Context& context) {
  return refusal(context.errors).value_or(ocf::Outcome{});
}

}  // namespace kamailio
