#include "conformance/scenario/end_judge.h"

#include "conformance/scenario/wording.h"

#include <algorithm>
#include <functional>
#include <set>
#include <sstream>

namespace conformance {
namespace {

std::set<int> processes_in(const SeenMachine& machine, const std::string& instance) {
  const auto found = machine.processes.find(instance);
  return found == machine.processes.end() ? std::set<int>() : found->second;
}

// The instance's processes after the first step that has any.
std::set<int> first_processes(const Evidence& evidence, const std::string& instance) {
  for (const auto& step : evidence.steps) {
    if (auto pids = processes_in(step.after, instance); !pids.empty()) {
      return pids;
    }
  }
  return {};
}

// Adds a finding: what was expected, and what was seen.
using Find = std::function<void(const std::string&, const std::string&)>;

void judge_server(const Condition& condition, const Evidence& evidence, const Find& find) {
  const auto& subject = condition.subject;
  const auto found = evidence.servers.find(subject);
  if (found == evidence.servers.end()) {
    find("processes of " + subject, "none");
    return;
  }
  const auto& server = found->second;
  const auto as_is = [](const std::string& account) { return account; };
  if (!condition.run_as.empty() && server.accounts != std::set{condition.run_as}) {
    find("all processes of " + subject + " run as " + condition.run_as,
         joined(server.accounts, as_is, "no account"));
  }
  if (const auto& expected = condition.arguments) {
    const auto& seen = server.arguments;
    if (seen.size() < expected->size() ||
        !std::equal(expected->rbegin(), expected->rend(), seen.rbegin())) {
      find("arguments of " + subject + " ending with " + joined(*expected, quoted, "nothing"),
           joined(seen, quoted, "none"));
    }
  }
}

std::string octal(unsigned mode) { return (std::ostringstream() << std::oct << mode).str(); }

void judge_file(const Condition& condition, const Evidence& evidence, const Find& find) {
  const auto& subject = condition.subject;
  const auto found = evidence.files.find(subject);
  if (found == evidence.files.end()) {
    find("the file " + subject, "no such file");
    return;
  }
  const auto& file = found->second;
  if (condition.text && file.text != *condition.text) {
    find(subject + " with " + quoted(*condition.text), quoted(file.text));
  }
  if (!condition.owner.empty() && file.owner != condition.owner) {
    find(subject + " owned by " + condition.owner, "owned by " + file.owner);
  }
  if (condition.mode && file.mode != *condition.mode) {
    find(subject + " with mode " + octal(*condition.mode), octal(file.mode));
  }
  if (!condition.pid_of.empty()) {
    const auto server = evidence.servers.find(condition.pid_of);
    const auto pid =
        server == evidence.servers.end() ? "" : std::to_string(server->second.main_process);
    if (pid.empty() || file.text.substr(0, file.text.find('\n')) != pid) {
      find(subject + " with the PID of " + condition.pid_of + ", " + pid, quoted(file.text));
    }
  }
}

void judge_condition(const Condition& condition, const Evidence& evidence,
                     std::vector<Finding>& findings) {
  using Kind = Condition::Kind;
  const auto& subject = condition.subject;
  const auto pids = processes_in(evidence.steps.back().after, subject);
  const Find find = [&](const std::string& expected, const std::string& seen) {
    findings.push_back({.rule = "the condition at the end",
                        .expected = expected,
                        .seen = seen,
                        .line = condition.place.line});
  };
  switch (condition.kind) {
    case Kind::no_process_of:
      if (!pids.empty()) {
        find("no process of " + subject, std::to_string(pids.size()) + " processes");
      }
      break;
    case Kind::processes_of:
      judge_server(condition, evidence, find);
      break;
    case Kind::same_processes_of:
      if (pids.empty() || pids != first_processes(evidence, subject)) {
        find("the first processes of " + subject, "other processes, or none");
      }
      break;
    case Kind::new_processes_of: {
      const auto former = first_processes(evidence, subject);
      const auto is_former = [&](int pid) { return former.contains(pid); };
      if (pids.empty() || std::ranges::any_of(pids, is_former)) {
        find("only new processes of " + subject, "some of the first ones, or none");
      }
      break;
    }
    case Kind::file:
      judge_file(condition, evidence, find);
      break;
    case Kind::no_file:
      if (evidence.files.contains(subject)) {
        find("no file " + subject, "it exists");
      }
      break;
    case Kind::empty: {
      const auto found = evidence.files.find(subject);
      if (found == evidence.files.end() || !found->second.is_empty) {
        find("an empty directory " + subject,
             found == evidence.files.end() ? "no such directory" : "it is not empty");
      }
      break;
    }
  }
}

}  // namespace

std::vector<std::string> accounts_in(const std::vector<Condition>& conditions) {
  std::vector<std::string> accounts;
  for (const auto& condition : conditions) {
    for (const auto& account : {condition.run_as, condition.owner}) {
      if (!account.empty()) {
        accounts.push_back(account);
      }
    }
  }
  return accounts;
}

void judge_end(const Scenario& scenario, const Evidence& evidence, std::vector<Finding>& findings) {
  for (const auto& condition : scenario.then) {
    judge_condition(condition, evidence, findings);
  }
}

}  // namespace conformance
