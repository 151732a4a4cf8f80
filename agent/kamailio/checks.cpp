#include "agent/kamailio/checks.h"

#include "agent/kamailio/network_checks.h"
#include "agent/kamailio/tool_checks.h"

#include <algorithm>

namespace kamailio {

Findings run_checks(const host::Host& host, const Parameters& parameters,
                    const host::ProcessId& main, Depth depth, host::TimePoint deadline) {
  const ToolChecks tools(host, parameters);
  auto findings = ask_over_network(host, parameters, main, depth, deadline);
  const bool is_settled = std::ranges::any_of(findings.checks, [](const Check& check) {
    return check.finding == Check::Finding::not_alive;
  });
  const auto add = [&](const std::vector<Check>& checks) {
    findings.checks.insert(findings.checks.begin(), checks.begin(), checks.end());
  };
  if (!is_settled) {
    add(tools.run(main, deadline));
  }
  add(tools.unusable());
  return findings;
}

}  // namespace kamailio
