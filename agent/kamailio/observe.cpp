#include "agent/kamailio/observe.h"

#include "agent/host/process_table.h"
#include "agent/kamailio/checks.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace kamailio {
namespace {

// The processes that are exiting: they may still hold the ports, and are gone in a moment.
std::vector<host::ProcessId> exiting_among(const Census& census) {
  std::vector<host::ProcessId> exiting;
  for (const auto* const processes : {&census.mine, &census.unknown}) {
    for (const auto& process : *processes) {
      if (process.state == host::ProcessState::exiting) {
        exiting.push_back(process.id);
      }
    }
  }
  return exiting;
}

// Looks again as long as all processes are exiting.
host::Result<Census> look_until_settled(const host::Host& host, const Parameters& parameters,
                                        const PidFile& pid_file, host::TimePoint patience) {
  std::vector<host::ProcessId> known;
  for (;;) {
    auto census = look_for_processes(host, parameters, pid_file, known);
    if (!census) {
      return census;
    }
    const auto exiting = exiting_among(*census);
    if (exiting.empty() || exiting.size() < census->mine.size() + census->unknown.size() ||
        host.clock.now() >= patience ||
        !host.processes.wait_until_gone(exiting, patience).empty()) {
      return census;
    }
    for (const auto& process : census->mine) {
      known.push_back(process.id);
    }
  }
}

bool is_well(const Evidence& evidence) {
  return std::ranges::all_of(
      evidence.checks, [](const Check& check) { return check.finding == Check::Finding::alive; });
}

bool misses_a_worker(const Evidence& evidence) {
  return evidence.vitals && std::ranges::find(evidence.vitals->workers, Worker::State::missing,
                                              &Worker::state) != evidence.vitals->workers.end();
}

void check(const host::Host& host, const Parameters& parameters, Depth depth,
           host::TimePoint deadline, host::TimePoint patience, Evidence& evidence) {
  auto findings = run_checks(host, parameters, evidence.main->id, depth, deadline, patience);
  evidence.checks = std::move(findings.checks);
  evidence.vitals = std::move(findings.vitals);
  evidence.rivals = std::move(findings.rivals);
}

}  // namespace

host::Result<Evidence> look_at_processes(const host::Host& host, const Parameters& parameters,
                                         host::TimePoint patience) {
  Evidence evidence{.pid_file = read_pid_file(host, parameters.pidfile.path)};
  if (auto named = process_named_by(host, parameters, evidence.pid_file)) {
    evidence.processes = {*named};
    evidence.main = *std::move(named);
    return evidence;
  }
  auto census = look_until_settled(host, parameters, evidence.pid_file, patience);
  if (!census) {
    return tl::unexpected(census.error());
  }
  evidence.main = main_process_among(census->mine);
  evidence.processes = std::move(census->mine);
  evidence.unknown = std::move(census->unknown);
  evidence.impostors = std::move(census->impostors);
  return evidence;
}

host::Result<Evidence> observe(const host::Host& host, const Parameters& parameters, Depth depth,
                               host::TimePoint deadline, host::TimePoint patience) {
  auto evidence = look_at_processes(host, parameters, patience);
  if (!evidence || !evidence->main) {
    return evidence;
  }
  check(host, parameters, depth, deadline, patience, *evidence);
  const auto main = evidence->main->id;
  if (misses_a_worker(*evidence)) {
    // Kamailio ends when one of its processes dies, so wait a moment before reporting degraded.
    constexpr std::chrono::milliseconds long_enough(200);
    (void)host.processes.wait_until_gone(
        {&main, 1}, std::min<host::TimePoint>(deadline, host.clock.now() + long_enough));
  } else if (is_well(*evidence)) {
    return evidence;
  }
  auto again = look_at_processes(host, parameters, patience);
  if (!again || !again->main) {
    return again;
  }
  if (again->main->id != main) {
    check(host, parameters, depth, deadline, patience,
          *again);  // another server: the results of the first do not apply
    return again;
  }
  again->checks = std::move(evidence->checks);
  again->vitals = std::move(evidence->vitals);
  again->rivals = std::move(evidence->rivals);
  if (again->vitals) {
    look_again(host, parameters, main, *again->vitals);
  }
  return again;
}

}  // namespace kamailio
