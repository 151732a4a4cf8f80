#include "agent/kamailio/checks.h"

#include "agent/host/clock.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace kamailio {
namespace {

// Whether a check has failed. Missing RPC replies say nothing about SIP.
bool has_failed(const std::vector<Check>& checks) {
  return std::ranges::any_of(checks, [](const Check& check) {
    return check.finding != Check::Finding::alive && check.finding != Check::Finding::no_rpc;
  });
}

// All checks, with the tools.
Findings check_fully(const host::Host& host, const Parameters& parameters,
                     const host::ProcessId& main, Depth depth, host::TimePoint deadline,
                     host::TimePoint patience) {
  const ToolChecks tools(host, parameters);
  // sipsak runs after the RPC calls, and needs time of its own even if they time out.
  const auto reserve =
      parameters.probe == Probe::sipsak ? (deadline - host.clock.now()) / 4 : host::Duration();
  auto findings = ask_over_network(host, parameters, main, depth, deadline - reserve);
  const auto add = [&](const std::vector<Check>& checks) {
    findings.checks.insert(findings.checks.begin(), checks.begin(), checks.end());
  };
  // If a check has failed, a tool without time could only fail, too. Otherwise it has to run.
  constexpr std::chrono::milliseconds shortest_run(100);
  const auto asked_at = host.clock.now();
  if (!has_failed(findings.checks) || asked_at + shortest_run < deadline) {
    add(tools.run(main, deadline));
  }
  add(tools.unusable());
  if (parameters.probe == Probe::sipsak && !has_failed(findings.checks)) {
    // A server that was slow to reply may be slow again.
    const auto now = host.clock.now();
    const auto as_long = std::max<host::Duration>(shortest_run, 2 * (now - asked_at));
    add(confirm_over_network(host, parameters,
                             std::min(patience, std::max(deadline, now + as_long))));
  }
  return findings;
}

}  // namespace

Findings run_checks(const host::Host& host, const Parameters& parameters,
                    const host::ProcessId& main, Depth depth, host::TimePoint deadline,
                    host::TimePoint patience) {
  // Silence over RPC alone would not say whether the server replies over SIP.
  if (depth == Depth::own_checks && parameters.probe != Probe::builtin) {
    return {};
  }
  // A process that intercepts the packets may be gone before the wait for a reply is over.
  auto rivals = find_rivals(host, parameters, main);
  auto findings = depth == Depth::own_checks
                      ? ask_over_network(host, parameters, main, depth, deadline)
                      : check_fully(host, parameters, main, depth, deadline, patience);
  if (has_failed(findings.checks)) {
    for (const auto& rival : find_rivals(host, parameters, main)) {
      if (std::ranges::find(rivals, rival) == rivals.end()) {
        rivals.push_back(rival);
      }
    }
  }
  findings.rivals = std::move(rivals);
  return findings;
}

}  // namespace kamailio
