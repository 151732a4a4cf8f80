#include "conformance/scenario/trial.h"

#include "conformance/scenario/facts_writer.h"
#include "conformance/scenario/judge.h"
#include "sim/cluster/call.h"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace conformance {
namespace {

using Verdict = Outcome::Verdict;

std::vector<std::string> answers_in(const Scenario& scenario, const Evidence& evidence) {
  std::vector<std::string> answers;
  for (std::size_t i = 0; i < evidence.steps.size(); ++i) {
    if (const auto& seen = evidence.steps[i].call) {
      const auto& call = std::get<sim::CallAgent>(scenario.steps[i].what.what);
      answers.push_back(call.action + " " + call.instance + ": " +
                        (seen->timed_out ? "timed out"
                         : seen->killed  ? "killed"
                                         : cluster::exit_code_name(seen->code)));
    } else if (const auto& program = evidence.steps[i].program) {
      answers.push_back(scenario.steps[i].what.text + ": " + in_yaml(program->ending));
    }
  }
  return answers;
}

// The correction of the last step's facts; nothing if they cannot be replaced, or if an earlier
// step failed, too: what follows a failed setup is not a fact.
std::optional<Correction> correction_of(const Scenario& scenario, const Evidence& evidence,
                                        const std::vector<Finding>& findings) {
  const auto& step = scenario.steps.back();
  const auto& [begin, end, indentation] = step.fact_lines;
  const bool is_of_last_step = std::ranges::all_of(
      findings, [&](const Finding& finding) { return finding.line == step.what.place.line; });
  if (begin == 0 || !is_of_last_step || !evidence.steps.back().program) {
    return std::nullopt;
  }
  std::istringstream facts(facts_in_yaml(*evidence.steps.back().program, step.facts));
  Correction correction{.begin = begin, .end = end, .text = {}};
  for (std::string line; std::getline(facts, line);) {
    correction.text += std::string(static_cast<std::size_t>(indentation), ' ') + line + "\n";
  }
  return correction;
}

}  // namespace

Question question_of(const Scenario& scenario) {
  return {.name = scenario.name(),
          .topic = scenario.topic,
          .claim = scenario.claim,
          .rests_on = scenario.rests_on,
          .place = scenario.file + ":" + std::to_string(scenario.place.line)};
}

Outcome outcome_of(const Scenario& scenario, const Evidence& evidence, const std::string& rig) {
  Outcome outcome{.verdict = Verdict::passed,
                  .answers = answers_in(scenario, evidence),
                  .findings = judge(scenario, evidence),
                  .timeline = evidence.timeline};
  if (!outcome.timeline.empty()) {
    outcome.took = outcome.timeline.back().at;
  }
  const bool was_played = evidence.trouble.empty();
  if (was_played && !outcome.findings.empty()) {
    outcome.correction = correction_of(scenario, evidence, outcome.findings);
  }
  const auto skip = scenario.skips.find(rig);
  if (skip == scenario.skips.end()) {
    outcome.verdict = !outcome.findings.empty() ? Verdict::failed
                      : was_played              ? Verdict::passed
                                                : Verdict::broken;
    outcome.reason = was_played ? "" : "the scenario could not be completed: " + evidence.trouble;
  } else if (was_played && outcome.findings.empty()) {
    outcome.verdict = Verdict::failed;
    outcome.findings = {{.rule = "a skipped scenario fails",
                         .expected = "a failure, since " + skip->second,
                         .seen = "it passes: remove the skip"}};
  } else {
    outcome.verdict = Verdict::skipped;
    outcome.reason = skip->second;
    outcome.findings.clear();
  }
  return outcome;
}

}  // namespace conformance
