#include "agent/kamailio/observe.h"

#include "agent/host/process_table.h"
#include "agent/kamailio/checks.h"

#include <algorithm>
#include <utility>

namespace kamailio {

host::Result<Evidence> look_at_processes(const host::Host& host, const Parameters& parameters) {
  Evidence evidence{.pid_file = read_pid_file(host, parameters.pidfile.path)};
  if (evidence.pid_file.state == PidFile::State::names_a_process) {
    auto named = host.processes.find(evidence.pid_file.pid);
    if (named && is_mine(*named, parameters)) {
      evidence.processes = {*named};
      evidence.main = *std::move(named);
      return evidence;
    }
    if (!named && named.error().kind != host::ErrorKind::not_found) {
      return tl::unexpected(named.error());
    }
  }
  auto processes = processes_of(host, parameters);
  if (!processes) {
    return tl::unexpected(processes.error());
  }
  evidence.main = main_process_among(*processes);
  evidence.processes = *std::move(processes);
  return evidence;
}

host::Result<Evidence> observe(const host::Host& host, const Parameters& parameters,
                               host::TimePoint deadline) {
  auto evidence = look_at_processes(host, parameters);
  if (!evidence || !evidence->main) {
    return evidence;
  }
  evidence->checks = run_checks(host, parameters, evidence->main->id, deadline);
  const bool alive = std::ranges::all_of(
      evidence->checks, [](const Check& check) { return check.finding == Check::Finding::alive; });
  if (alive) {
    return evidence;
  }
  auto again = look_at_processes(host, parameters);
  if (again && again->main) {
    again->checks = std::move(evidence->checks);
  }
  return again;
}

}  // namespace kamailio
