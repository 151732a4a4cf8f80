#include "agent/kamailio/observe.h"

#include "agent/host/process_table.h"
#include "agent/kamailio/vitals.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

namespace kamailio {
namespace {

// Whose an exiting process was cannot be told from that of another instance, and in a moment it
// does not matter any more. True if there were only such and it is worth another look.
bool wait_for_exiting(const host::Host& host, const std::vector<host::Process>& processes) {
  constexpr std::chrono::seconds long_enough(2);
  std::vector<host::ProcessId> exiting;
  for (const auto& process : processes) {
    if (process.state == host::ProcessState::exiting) {
      exiting.push_back(process.id);
    }
  }
  return !exiting.empty() && exiting.size() == processes.size() &&
         host.processes.wait_until_gone(exiting, host.clock.now() + long_enough).empty();
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
           host::TimePoint deadline, Evidence& evidence) {
  auto findings = run_checks(host, parameters, evidence.main->id, depth, deadline);
  evidence.checks = std::move(findings.checks);
  evidence.vitals = std::move(findings.vitals);
}

}  // namespace

host::Result<Evidence> look_at_processes(const host::Host& host, const Parameters& parameters) {
  Evidence evidence{.pid_file = read_pid_file(host, parameters.pidfile.path)};
  if (evidence.pid_file.state == PidFile::State::names_a_process) {
    auto named = host.processes.find(evidence.pid_file.pid);
    if (named && named->state != host::ProcessState::exiting && is_mine(*named, parameters)) {
      evidence.processes = {*named};
      evidence.main = *std::move(named);
      return evidence;
    }
    if (!named && named.error().kind != host::ErrorKind::not_found) {
      return tl::unexpected(named.error());
    }
  }
  auto processes = processes_of(host, parameters);
  if (processes && wait_for_exiting(host, *processes)) {
    processes = processes_of(host, parameters);
  }
  if (!processes) {
    return tl::unexpected(processes.error());
  }
  evidence.main = main_process_among(*processes);
  evidence.processes = *std::move(processes);
  return evidence;
}

host::Result<Evidence> observe(const host::Host& host, const Parameters& parameters, Depth depth,
                               host::TimePoint deadline) {
  auto evidence = look_at_processes(host, parameters);
  if (!evidence || !evidence->main) {
    return evidence;
  }
  check(host, parameters, depth, deadline, *evidence);
  const auto main = evidence->main->id;
  if (misses_a_worker(*evidence)) {
    // Kamailio ends when one of its processes dies: then nothing is degraded in a moment.
    constexpr std::chrono::milliseconds long_enough(200);
    (void)host.processes.wait_until_gone(
        {&main, 1}, std::min<host::TimePoint>(deadline, host.clock.now() + long_enough));
  } else if (is_well(*evidence)) {
    return evidence;
  }
  auto again = look_at_processes(host, parameters);
  if (!again || !again->main) {
    return again;
  }
  if (again->main->id != main) {
    check(host, parameters, depth, deadline, *again);  // another one is not to blame for the first
    return again;
  }
  again->checks = std::move(evidence->checks);
  again->vitals = std::move(evidence->vitals);
  if (again->vitals) {
    look_again(host, parameters, *again->vitals);
  }
  return again;
}

}  // namespace kamailio
