#include "conformance/scenario/judge.h"

#include "conformance/cluster/cluster.h"
#include "conformance/scenario/end_judge.h"
#include "conformance/scenario/wording.h"
#include "sim/cluster/call.h"
#include "sim/machine/processes.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <variant>

namespace conformance {
namespace {

using cluster::code::not_running;
using cluster::code::success;
using cluster::code::unimplemented;

std::string code_text(int code) {
  return cluster::exit_code_name(code) + " (" + std::to_string(code) + ")";
}

std::string duration_text(host::Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()) +
         " ms";
}

// Compares one call of the agent with its expectations.
class CallJudge {
 public:
  CallJudge(const Step& step, const SeenStep& seen, const Evidence& evidence,
            std::vector<Finding>& findings)
      : step_(step),
        call_(std::get<sim::CallAgent>(step.what.what)),
        seen_(*seen.call),
        after_(seen.after),
        evidence_(evidence),
        findings_(findings) {}

  void judge() {
    judge_answer();
    if (!seen_.killed) {  // a killed agent cannot report anything
      judge_reason();
      judge_truth();
      judge_times();
      judge_words();
    }
    judge_signals();
    judge_helpers();
  }

 private:
  void find(const std::string& rule, const std::string& expected, const std::string& seen,
            const std::string& consequence = "") {
    findings_.push_back({.rule = rule,
                         .step = step_.what.text,
                         .expected = expected,
                         .seen = seen,
                         .consequence = consequence,
                         .line = step_.what.place.line});
  }

  [[nodiscard]] bool lives() const {
    const auto found = after_.processes.find(call_.instance);
    return found != after_.processes.end() && !found->second.empty();
  }

  [[nodiscard]] std::string consequence(int expected) const {
    return cluster::consequence_of({.action = call_.action,
                                    .expected = expected,
                                    .seen = seen_.code,
                                    .timed_out = seen_.timed_out,
                                    .lives = lives()});
  }

  void judge_answer() {
    const auto& codes = step_.expects.codes;
    const int expected = codes.empty() ? success : codes.front();
    if (seen_.timed_out) {
      find("a result before the timeout",
           "a result within " + duration_text(call_.operation.timeout), "none: it was killed",
           consequence(expected));
      return;
    }
    if (seen_.killed) {
      return;
    }
    const auto is_code = [&](const auto& code) { return code.second == seen_.code; };
    if (std::ranges::none_of(cluster::exit_codes(), is_code)) {
      find("an exit code of OCF 1.1", "one of 0 to 9, 190, 191", std::to_string(seen_.code),
           "the cluster would treat it as 1");
    }
    if (!codes.empty() && std::ranges::find(codes, seen_.code) == codes.end()) {
      find("the exit code", joined(codes, code_text, ""),
           code_text(seen_.code) + (seen_.reasons.empty() ? "" : ": " + seen_.reasons.back()),
           consequence(expected));
    }
  }

  [[nodiscard]] bool is_failure() const {
    return seen_.code != success && seen_.code != not_running && !seen_.timed_out;
  }

  void judge_reason() {
    if (is_failure() && seen_.code != unimplemented && seen_.reasons.empty()) {
      find("a failure has an exit reason", "a line \"ocf-exit-reason:...\"", "none",
           "crm_mon and pcs status would show no reason");
    }
    if (call_.action == "validate-all" && seen_.code == success &&
        !(seen_.reasons.empty() && seen_.log.empty() && seen_.out.empty())) {
      find("a successful validate-all prints nothing", "no output",
           joined(seen_.log, quoted, joined(seen_.reasons, quoted, quoted(seen_.out))),
           "pcs would show it as a warning");
    }
  }

  // A result "stopped" must be true.
  void judge_truth() {
    const bool reports_stopped =
        (call_.action == "stop" && seen_.code == success) ||
        ((call_.action == "monitor" || call_.action == "status") && seen_.code == not_running);
    if (reports_stopped && lives()) {
      find("reports stopped only when no process lives", "no process of " + call_.instance,
           std::to_string(after_.processes.at(call_.instance).size()) + " processes",
           consequence(success));
    }
  }

  void judge_times() {
    const auto& within = step_.expects.within;
    const auto& not_before = step_.expects.not_before;
    if (within && seen_.took > *within + evidence_.slack + evidence_.delay) {
      find("the maximum duration", duration_text(*within), duration_text(seen_.took));
    }
    if (not_before && seen_.took < *not_before - evidence_.slack) {
      find("the minimum duration", duration_text(*not_before), duration_text(seen_.took));
    }
  }

  void judge_words() {
    const std::string reason = seen_.reasons.empty() ? "" : seen_.reasons.back();
    for (const auto& part : step_.expects.says) {
      // judge_reason() reports a missing reason, and a call that timed out needs none.
      const bool says_nothing = reason.empty() && (is_failure() || seen_.timed_out);
      if (reason.find(part) == std::string::npos && !says_nothing) {
        find("required text in the exit reason", quoted(part), quoted(reason),
             "crm_mon and pcs status would not show the cause");
      }
    }
    for (const auto& part : step_.expects.says_not) {
      if (reason.find(part) != std::string::npos) {
        find("forbidden text in the exit reason", "no " + quoted(part), quoted(reason));
      }
    }
    for (const auto& part : step_.expects.prints) {
      if (seen_.out.find(part) == std::string::npos) {
        find("required text on standard output", quoted(part),
             std::to_string(seen_.out.size()) + " bytes without it");
      }
    }
    for (const auto& part : step_.expects.logs) {
      if (!logs(part)) {
        find("required text in the log", quoted(part), joined(seen_.log, quoted, "nothing"));
      }
    }
    for (const auto& part : step_.expects.logs_not) {
      if (logs(part)) {
        find("forbidden text in the log", "no " + quoted(part), joined(seen_.log, quoted, ""));
      }
    }
  }

  [[nodiscard]] bool logs(const std::string& part) const {
    return std::ranges::any_of(
        seen_.log, [&](const std::string& line) { return line.find(part) != std::string::npos; });
  }

  void judge_signals() {
    if (!seen_.signals) {
      return;
    }
    std::vector<int> kinds;
    for (const auto& [signal, to] : *seen_.signals) {
      if (to != call_.instance) {
        find("signals only the resource's own processes", "no signal to others",
             sim::signal_name(signal) + " to " + (to.empty() ? "a stranger" : to),
             "the process of another program would be affected");
      } else if (std::ranges::find(kinds, signal) == kinds.end()) {
        kinds.push_back(signal);
      }
    }
    if (step_.expects.sends && kinds != *step_.expects.sends) {
      find("the signals that the agent sends",
           joined(*step_.expects.sends, sim::signal_name, "none"),
           joined(kinds, sim::signal_name, "none"));
    }
  }

  void judge_helpers() {
    if (!after_.helpers.empty()) {
      find("no helper process outlives the agent", "none", joined(after_.helpers, quoted, ""),
           "they would accumulate with each call");
    }
  }

  const Step& step_;
  const sim::CallAgent& call_;
  const SeenCall& seen_;
  const SeenMachine& after_;
  const Evidence& evidence_;
  std::vector<Finding>& findings_;
};

void judge_program(const Scenario& scenario, const Step& step, const Observation& seen,
                   std::vector<Finding>& findings) {
  if (&step == &scenario.steps.back() && step.facts == Facts()) {
    findings.push_back({.rule = "the last step of a recording has facts",
                        .step = step.what.text,
                        .expected = "facts (ci/calibrate record writes them)",
                        .seen = "none",
                        .line = step.what.place.line});
  }
  for (const auto& difference : differences_of(step.facts, seen)) {
    findings.push_back({.rule = difference.field + ", as measured with " + scenario.measured_with,
                        .step = step.what.text,
                        .expected = difference.expected,
                        .seen = difference.seen,
                        .line = step.what.place.line});
  }
}

}  // namespace

std::vector<Finding> judge(const Scenario& scenario, const Evidence& evidence) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < evidence.steps.size(); ++i) {
    if (evidence.steps[i].call) {
      CallJudge(scenario.steps[i], evidence.steps[i], evidence, findings).judge();
    } else if (const auto& program = evidence.steps[i].program) {
      judge_program(scenario, scenario.steps[i], *program, findings);
    }
  }
  if (evidence.trouble.empty()) {
    judge_end(scenario, evidence, findings);
  }
  return findings;
}

}  // namespace conformance
