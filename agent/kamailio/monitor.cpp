#include "agent/host/log.h"
#include "agent/kamailio/actions.h"
#include "agent/kamailio/observe.h"
#include "agent/kamailio/schedule.h"
#include "agent/kamailio/verdict.h"

namespace kamailio {

ocf::Outcome monitor(const Context& context) {
  const bool processes_only = context.request.check_level == ocf::CheckLevel::lightest;
  if (auto refused = refusal(context.errors,
                             processes_only ? identity_parameters() : monitoring_parameters())) {
    return *refused;
  }
  const auto& [host, request, parameters, errors, begin, timeout] = context;
  const auto evidence = processes_only ? look_at_processes(host, parameters)
                                       : observe(host, parameters, begin + check_time(timeout));
  if (!evidence) {
    // Not 7: nobody knows.
    return {.code = ocf::ExitCode::generic_error, .reason = evidence.error().text};
  }
  auto verdict = assess(*evidence, parameters);
  for (const auto& warning : verdict.warnings) {
    host.log.write(host::Level::warning, warning);
  }
  return verdict.outcome;
}

}  // namespace kamailio
