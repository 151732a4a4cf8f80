#include "agent/kamailio/verdict.h"

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
      return "the PID file " + path + " is missing";
    case PidFile::State::unreadable:
      return "the PID file cannot be read: " + pid_file.problem;
    case PidFile::State::garbled:
      return "the PID file " + pid_file.problem;
    case PidFile::State::names_a_process:
      return "the PID file " + path + " names process " + std::to_string(pid_file.pid) +
             ", which is gone or not this instance";
  }
  return {};
}

// The first code in this order that some check calls for, with the texts of all that failed: a
// missing tool says more about the node than about the server, so it comes first, and an answer
// says more than none.
ocf::Outcome judge_checks(const std::vector<Check>& checks) {
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
    for (const auto& check : checks) {
      if (check.finding == rule.finding) {
        outcome.code = outcome.code == ExitCode::success ? rule.code : outcome.code;
        outcome.reason += (outcome.reason.empty() ? "" : "; ") + check.text;
      }
    }
  }
  return outcome;
}

std::string percent_free(const rpc::SharedMemory& memory) {
  constexpr std::uint64_t mebibyte = 1024;  // in KiB
  return std::to_string(memory.free * 100 / memory.total) + " % of shared memory is free (" +
         std::to_string(memory.free / mebibyte) + " of " + std::to_string(memory.total / mebibyte) +
         " MiB)";
}

std::string describe(const Worker& worker) {
  return "process " + std::to_string(worker.process.pid) + " (" + worker.process.description + ")" +
         (worker.state == Worker::State::missing ? " is missing"
                                                 : " is stopped, by SIGSTOP or a debugger");
}

std::vector<std::string> troubles_in(const Vitals& vitals) {
  constexpr std::uint64_t enough_percent = 5;
  constexpr std::size_t most_named = 5;
  std::vector<std::string> troubles;
  if (!vitals.foreign.empty()) {
    // The one that took the socket is to blame, and this one may be in best health.
    troubles.push_back(vitals.foreign);
  }
  if (vitals.memory && vitals.memory->free * 100 < vitals.memory->total * enough_percent) {
    troubles.push_back("only " + percent_free(*vitals.memory));
  }
  std::size_t absent = 0;
  for (const auto& worker : vitals.workers) {
    if (worker.state != Worker::State::lives && absent++ < most_named) {
      troubles.push_back(describe(worker));
    }
  }
  if (absent > most_named) {
    troubles.push_back("so are " + std::to_string(absent - most_named) + " more");
  }
  return troubles;
}

std::string describe(const host::Rival& rival, const Parameters& parameters) {
  return "UDP port " + std::to_string(parameters.port) + " is also bound by " +
         (rival.pid == 0 ? "a process" : "process " + std::to_string(rival.pid)) + " of uid " +
         std::to_string(rival.user) + ", which may get the SIP requests instead";
}

// What a server that answers suffers from: it will not do so for long, or not for all callers.
ocf::Outcome judge_troubles(const Evidence& evidence, const Parameters& parameters) {
  std::vector<std::string> troubles;
  for (const auto& rival : evidence.rivals) {
    troubles.push_back(describe(rival, parameters));
  }
  if (evidence.vitals) {
    std::ranges::move(troubles_in(*evidence.vitals), std::back_inserter(troubles));
  }
  ocf::Outcome outcome;
  for (const auto& trouble : troubles) {
    // The cluster shows it and goes on: to restart would end the calls that still work.
    outcome.code = ExitCode::degraded;
    outcome.reason += (outcome.reason.empty() ? "degraded: " : "; ") + trouble;
  }
  return outcome;
}

bool is_stopped(const host::Process& process) {
  return process.state == host::ProcessState::stopped;
}

std::string describe_stopped(const host::Process& main) {
  return "its main process " + std::to_string(main.id.pid) +
         " is stopped, by SIGSTOP or a debugger";
}

// For a server that does not answer as it should.
std::string what_may_be_to_blame(const Evidence& evidence, const Parameters& parameters) {
  std::string text;
  if (is_stopped(*evidence.main)) {
    text += "; " + describe_stopped(*evidence.main);
  }
  for (const auto& rival : evidence.rivals) {
    text += "; " + describe(rival, parameters);
  }
  for (const auto& trouble :
       evidence.vitals ? troubles_in(*evidence.vitals) : std::vector<std::string>()) {
    text += "; " + trouble;
  }
  return text;
}

ocf::Outcome judge_absence(const Evidence& evidence, const Parameters& parameters) {
  const std::string& path = parameters.pidfile.path;
  if (!evidence.unknown.empty()) {
    return {.code = ExitCode::generic_error,
            .reason = describe_unknown(evidence.unknown, parameters)};
  }
  // Only here may 7 be said: the cluster takes it for "safe to start elsewhere".
  std::string reason =
      "not running: no process runs " + parameters.binary.places.front() + " with -P " + path;
  if (!evidence.impostors.empty()) {
    reason += "; look-alikes, which are left alone: " + name_processes(evidence.impostors);
  }
  if (evidence.pid_file.state != PidFile::State::absent) {
    reason += "; " + pid_file_problem(evidence.pid_file, path);
  }
  return {.code = ExitCode::not_running, .reason = std::move(reason)};
}

Verdict assess_instance(const Evidence& evidence, const Parameters& parameters) {
  const std::string& path = parameters.pidfile.path;
  if (evidence.processes.empty()) {
    return {.outcome = judge_absence(evidence, parameters)};
  }
  if (!evidence.main) {
    // Soft: the cluster stops what is left, which frees the ports, and starts it again here.
    return {.outcome = {.code = ExitCode::generic_error,
                        .reason = "the main process of the instance with -P " + path +
                                  " has died, or is just starting or ending; what lives is " +
                                  name_processes(evidence.processes)}};
  }
  Verdict verdict{.outcome = judge_checks(evidence.checks)};
  if (verdict.outcome.code == ExitCode::success && is_stopped(*evidence.main)) {
    if (evidence.rivals.empty()) {
      verdict.warnings.push_back(describe_stopped(*evidence.main));
    } else {
      verdict.outcome = {.code = ExitCode::generic_error,
                         .reason = "the answers may come from another process"};
    }
  }
  if (verdict.outcome.code == ExitCode::success) {
    verdict.outcome = judge_troubles(evidence, parameters);
    if (evidence.vitals) {
      std::ranges::copy(evidence.vitals->unknown, std::back_inserter(verdict.warnings));
    }
  }
  if (verdict.outcome.code != ExitCode::success && verdict.outcome.code != ExitCode::degraded) {
    verdict.outcome.reason += what_may_be_to_blame(evidence, parameters);
  }
  if (evidence.pid_file.state != PidFile::State::names_a_process ||
      evidence.pid_file.pid != evidence.main->id.pid) {
    // The calls go on, so this is no failure; stop and monitor find the processes without the file.
    verdict.warnings.push_back(pid_file_problem(evidence.pid_file, path) +
                               ", but Kamailio runs as process " +
                               std::to_string(evidence.main->id.pid));
  }
  return verdict;
}

}  // namespace

Verdict assess(const Evidence& evidence, const Parameters& parameters) {
  Verdict verdict = assess_instance(evidence, parameters);
  for (const auto& impostor : evidence.impostors) {
    verdict.warnings.push_back(describe_impostor(impostor, parameters));
  }
  return verdict;
}

}  // namespace kamailio
