#include "conformance/report/comparison.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string_view>

namespace conformance {

Comparison compare(const Run& run) {
  Comparison comparison;
  std::map<std::string_view, std::size_t> columns;
  for (const auto& outcome : run.outcomes) {
    if (columns.emplace(outcome.rig, comparison.rigs.size()).second) {
      comparison.rigs.push_back(outcome.rig);
    }
  }
  std::map<std::string_view, std::size_t> rows;
  for (const auto& outcome : run.outcomes) {
    const auto [row, is_new] = rows.emplace(outcome.question.name, comparison.rows.size());
    if (is_new) {
      comparison.rows.push_back(
          {.question = &outcome.question,
           .outcomes = std::vector<const Outcome*>(comparison.rigs.size(), nullptr)});
    }
    comparison.rows[row->second].outcomes[columns.at(outcome.rig)] = &outcome;
  }
  return comparison;
}

namespace {

// The outcomes that are not skipped.
std::vector<const Outcome*> answered(const Row& row) {
  std::vector<const Outcome*> outcomes;
  for (const auto* const outcome : row.outcomes) {
    if (outcome != nullptr && outcome->verdict != Outcome::Verdict::skipped) {
      outcomes.push_back(outcome);
    }
  }
  return outcomes;
}

std::string answer_at(const Outcome& outcome, std::size_t step) {
  return step < outcome.answers.size() ? outcome.answers[step] : "no answer";
}

}  // namespace

std::vector<std::string> different_answers(const Row& row) {
  const auto outcomes = answered(row);
  std::size_t steps = 0;
  for (const auto* const outcome : outcomes) {
    steps = std::max(steps, outcome->answers.size());
  }
  std::vector<std::string> lines;
  for (std::size_t step = 0; step < steps; ++step) {
    const auto is_another = [&](const Outcome* outcome) {
      return answer_at(*outcome, step) != answer_at(*outcomes.front(), step);
    };
    if (std::ranges::any_of(outcomes, is_another)) {
      for (const auto* const outcome : outcomes) {
        lines.push_back(outcome->rig + ": " + answer_at(*outcome, step));
      }
    }
  }
  return lines;
}

bool differs(const Row& row) {
  const auto outcomes = answered(row);
  const auto is_another = [&](const Outcome* outcome) {
    return outcome->verdict != outcomes.front()->verdict;
  };
  return std::ranges::any_of(outcomes, is_another) || !different_answers(row).empty();
}

}  // namespace conformance
