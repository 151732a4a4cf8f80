#include "agent/kamailio/verdict.h"

#include "agent/kamailio/reasons.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace kamailio {
namespace {

using ocf::ExitCode;

std::string pid_file_problem(const PidFile& pid_file, const std::string& path) {
  switch (pid_file.state) {
    case PidFile::State::absent:
      return say<Reason::pid_file_missing>(path);
    case PidFile::State::unreadable:
      return say<Reason::pid_file_not_readable>(pid_file.problem);
    case PidFile::State::garbled:
      return say<Reason::pid_file_garbled>(path);
    case PidFile::State::names_a_process:
      return say<Reason::pid_file_wrong>(path, pid_file.pid);
  }
  return {};
}

bool is_stopped(const host::Process& process) {
  return process.state == host::ProcessState::stopped;
}

// Whether a reply to a check other than RPC shows that the server is alive. A stopped process sends
// no reply, but a rival may reply in its place.
bool is_seen_alive(const Evidence& evidence) {
  const bool has_answered = std::ranges::any_of(evidence.checks, [](const Check& check) {
    return check.finding == Check::Finding::alive && !check.text.empty();
  });
  return has_answered && !is_stopped(*evidence.main) && evidence.rivals.empty();
}

std::string silence_of_rpc(const Evidence& evidence) {
  const auto found = std::ranges::find(evidence.checks, Check::Finding::no_rpc, &Check::finding);
  return found == evidence.checks.end() ? std::string() : found->text;
}

// The first code in this order that a check calls for, with the texts of all failed checks. A
// missing tool is a problem of the node rather than of the server, so it comes first; a wrong reply
// is more informative than none. Missing RPC replies are no failure while the server itself replies
// to SIP.
ocf::Outcome judge_checks(const Evidence& evidence) {
  struct Rule {
    Check::Finding finding;
    ExitCode code;
  };
  constexpr std::array<Rule, 4> rules = {{{Check::Finding::not_installed, ExitCode::not_installed},
                                          {Check::Finding::not_permitted, ExitCode::not_permitted},
                                          {Check::Finding::wrong_answer, ExitCode::generic_error},
                                          {Check::Finding::not_alive, ExitCode::generic_error}}};
  ocf::Outcome outcome;
  for (const auto& rule : rules) {
    for (const auto& check : evidence.checks) {
      // The text may be the same for another transport.
      const bool is_told = outcome.reason.find(check.text) != std::string::npos;
      if (check.finding == rule.finding && !is_told) {
        outcome.code = outcome.code == ExitCode::success ? rule.code : outcome.code;
        add_reason(outcome.reason, check.text);
      }
    }
  }
  const auto silence = silence_of_rpc(evidence);
  if (outcome.code == ExitCode::success && !silence.empty() && !is_seen_alive(evidence)) {
    outcome.code = ExitCode::generic_error;
  }
  if (outcome.code != ExitCode::success) {
    add_reason(outcome.reason, silence);
  }
  return outcome;
}

std::string describe(const Worker& worker) {
  const auto& [pid, description] = worker.process;
  return worker.state == Worker::State::missing ? say<Reason::worker_missing>(pid, description)
                                                : say<Reason::worker_stopped>(pid, description);
}

std::vector<std::string> troubles_in(const Vitals& vitals) {
  constexpr std::uint64_t enough_percent = 5;
  constexpr std::uint64_t mebibyte = 1024;  // in KiB
  constexpr std::size_t most_named = 2;
  std::vector<std::string> troubles;
  if (!vitals.foreign.empty()) {
    // The fault is with the instance that took the socket; this one may be healthy.
    troubles.push_back(vitals.foreign);
  }
  if (const auto& memory = vitals.memory;
      memory && memory->free * 100 < memory->total * enough_percent) {
    troubles.push_back(say<Reason::memory_short>(
        memory->free * 100 / memory->total, memory->free / mebibyte, memory->total / mebibyte));
  }
  std::size_t absent = 0;
  for (const auto& worker : vitals.workers) {
    if (worker.state != Worker::State::lives && absent++ < most_named) {
      troubles.push_back(describe(worker));
    }
  }
  if (absent > most_named) {
    troubles.push_back(say<Reason::more_workers>(absent - most_named));
  }
  return troubles;
}

std::string describe(const host::Rival& rival, const Parameters& parameters) {
  return say<Reason::port_shared>(
      parameters.port, rival.pid == 0 ? "a process" : "process " + std::to_string(rival.pid),
      rival.user);
}

std::vector<std::string> troubles_in(const Evidence& evidence, const Parameters& parameters) {
  std::vector<std::string> troubles;
  for (const auto& rival : evidence.rivals) {
    troubles.push_back(describe(rival, parameters));
  }
  if (evidence.vitals) {
    std::ranges::move(troubles_in(*evidence.vitals), std::back_inserter(troubles));
  }
  return troubles;
}

// The outcome for a server whose check failed: possible causes come first.
ocf::Outcome judge_failure(const ocf::Outcome& outcome, const Evidence& evidence,
                           const Parameters& parameters) {
  std::string reason;
  if (is_stopped(*evidence.main)) {
    reason = say<Reason::main_process_stopped>(evidence.main->id.pid);
  }
  for (const auto& trouble : troubles_in(evidence, parameters)) {
    add_reason(reason, trouble);
  }
  add_reason(reason, outcome.reason);
  return {.code = outcome.code, .reason = std::move(reason)};
}

// The outcome for a server that replies. If it has problems, the cluster only shows them: a restart
// would end the calls that still work.
ocf::Outcome judge_success(const Evidence& evidence, const Parameters& parameters) {
  std::string troubles = silence_of_rpc(evidence);
  for (const auto& trouble : troubles_in(evidence, parameters)) {
    add_reason(troubles, trouble);
  }
  return troubles.empty() ? ocf::Outcome{} : fail<Reason::server_degraded>(troubles);
}

ocf::Outcome judge_absence(const Evidence& evidence, const Parameters& parameters) {
  const std::string& path = parameters.pidfile.path;
  if (!evidence.unknown.empty()) {
    return is_unknown(evidence.unknown, parameters);
  }
  // Only this function may return 7: for the cluster it means "safe to start elsewhere".
  auto outcome = fail<Reason::nothing_runs>(parameters.binary.places.front(), path);
  if (!evidence.impostors.empty()) {
    add_reason(outcome.reason, say<Reason::look_alikes>(name_processes(evidence.impostors)));
  }
  if (evidence.pid_file.state != PidFile::State::absent) {
    add_reason(outcome.reason, pid_file_problem(evidence.pid_file, path));
  }
  return outcome;
}

Verdict assess_instance(const Evidence& evidence, const Parameters& parameters) {
  const std::string& path = parameters.pidfile.path;
  if (evidence.processes.empty()) {
    return {.outcome = judge_absence(evidence, parameters)};
  }
  if (!evidence.main) {
    // A soft error: the cluster stops the remaining processes, which frees the ports, and starts
    // the instance again here.
    return {.outcome = fail<Reason::main_process_gone>(path, name_processes(evidence.processes))};
  }
  Verdict verdict{.outcome = judge_checks(evidence)};
  if (verdict.outcome.code == ExitCode::success && is_stopped(*evidence.main)) {
    if (evidence.rivals.empty()) {
      verdict.warnings.push_back(say<Reason::main_process_stopped>(evidence.main->id.pid));
    } else {
      verdict.outcome = fail<Reason::answers_of_another>();
    }
  }
  if (verdict.outcome.code != ExitCode::success) {
    verdict.outcome = judge_failure(verdict.outcome, evidence, parameters);
  } else {
    verdict.outcome = judge_success(evidence, parameters);
    if (evidence.vitals) {
      std::ranges::copy(evidence.vitals->unknown, std::back_inserter(verdict.warnings));
    }
  }
  if (evidence.pid_file.state != PidFile::State::names_a_process ||
      evidence.pid_file.pid != evidence.main->id.pid) {
    verdict.lost_pid_file = pid_file_problem(evidence.pid_file, path) +
                            ", but Kamailio runs as process " +
                            std::to_string(evidence.main->id.pid);
  }
  return verdict;
}

}  // namespace

ocf::Outcome degrade(ocf::Outcome outcome, const std::string& trouble) {
  if (outcome.code == ExitCode::success) {
    return fail<Reason::server_degraded>(trouble);
  }
  add_reason(outcome.reason, trouble);
  return outcome;
}

Verdict assess(const Evidence& evidence, const Parameters& parameters) {
  Verdict verdict = assess_instance(evidence, parameters);
  for (const auto& impostor : evidence.impostors) {
    verdict.warnings.push_back(describe_impostor(impostor, parameters));
  }
  return verdict;
}

}  // namespace kamailio
