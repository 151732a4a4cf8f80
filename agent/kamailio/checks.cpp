#include "agent/kamailio/checks.h"

#include "agent/host/clock.h"
#include "agent/kamailio/network_checks.h"
#include "agent/kamailio/tool_checks.h"

#include <chrono>
#include <vector>

namespace kamailio {

Findings run_checks(const host::Host& host, const Parameters& parameters,
                    const host::ProcessId& main, Depth depth, host::TimePoint deadline) {
  const ToolChecks tools(host, parameters);
  auto findings = ask_over_network(host, parameters, main, depth, deadline);
  const auto add = [&](const std::vector<Check>& checks) {
    findings.checks.insert(findings.checks.begin(), checks.begin(), checks.end());
  };
  constexpr std::chrono::milliseconds shortest_run(100);
  if (host.clock.now() + shortest_run < deadline || findings.checks.empty()) {
    add(tools.run(main, deadline));
  }
  add(tools.unusable());
  return findings;
}

}  // namespace kamailio
