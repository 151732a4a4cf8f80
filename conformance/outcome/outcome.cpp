#include "conformance/outcome/outcome.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace conformance {
namespace {

using Verdict = Outcome::Verdict;
using nlohmann::json;

// A recording has no requirements: its facts must hold.
bool has_to_be(const Question& question, const std::vector<Requirement>& requirements) {
  return question.rests_on.empty() ||
         std::ranges::any_of(requirements, [&](const Requirement& requirement) {
           return requirement.level == Requirement::Level::must &&
                  std::ranges::find(question.rests_on, requirement.id) != question.rests_on.end();
         });
}

}  // namespace

void weigh(Run& run, Strictness strictness) {
  const bool is_strict = strictness == Strictness::strict;
  for (auto& outcome : run.outcomes) {
    if (outcome.verdict == Verdict::failed && !is_strict &&
        !has_to_be(outcome.question, run.requirements)) {
      outcome.verdict = Verdict::warned;
    } else if (outcome.verdict == Verdict::warned && is_strict) {
      outcome.verdict = Verdict::failed;
    }
  }
}

namespace {

json to_json(const Finding& finding) {
  return {finding.rule, finding.step,        finding.expected,
          finding.seen, finding.consequence, finding.line};
}

Finding finding_from(const json& from) {
  return {.rule = from.at(0),
          .step = from.at(1),
          .expected = from.at(2),
          .seen = from.at(3),
          .consequence = from.at(4),
          .line = from.at(5)};
}

json to_json(const TimelineLine& line) { return {line.at.count(), line.who, line.what}; }

TimelineLine line_from(const json& from) {
  return {.at = host::Duration(from.at(0).get<host::Duration::rep>()),
          .who = from.at(1),
          .what = from.at(2)};
}

template <typename Items>
json list_of(const Items& items) {
  auto list = json::array();
  for (const auto& item : items) {
    list.push_back(to_json(item));
  }
  return list;
}

}  // namespace

std::string json_of(const Outcome& outcome) {
  json all = {{"rig", outcome.rig},
              {"verdict", static_cast<int>(outcome.verdict)},
              {"reason", outcome.reason},
              {"answers", outcome.answers},
              {"findings", list_of(outcome.findings)},
              {"timeline", list_of(outcome.timeline)},
              {"took", outcome.took.count()}};
  if (const auto& correction = outcome.correction) {
    all["correction"] = {correction->begin, correction->end, correction->text};
  }
  // The output of programs may be invalid UTF-8.
  return all.dump(-1, ' ', false, json::error_handler_t::replace);
}

Outcome outcome_from(const std::string& text) {
  try {
    const auto all = json::parse(text);
    Outcome outcome{.rig = all.at("rig"),
                    .verdict = static_cast<Outcome::Verdict>(all.at("verdict").get<int>()),
                    .reason = all.at("reason"),
                    .answers = all.at("answers"),
                    .took = host::Duration(all.at("took").get<host::Duration::rep>())};
    for (const auto& finding : all.at("findings")) {
      outcome.findings.push_back(finding_from(finding));
    }
    for (const auto& line : all.at("timeline")) {
      outcome.timeline.push_back(line_from(line));
    }
    if (all.contains("correction")) {
      const auto& from = all.at("correction");
      outcome.correction = {.begin = from.at(0), .end = from.at(1), .text = from.at(2)};
    }
    return outcome;
  } catch (const json::exception& error) {
    throw std::runtime_error(error.what());
  }
}

}  // namespace conformance
