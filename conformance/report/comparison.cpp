#include "conformance/report/comparison.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
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

bool differs(const Row& row) {
  std::optional<Outcome::Verdict> first;
  return std::ranges::any_of(row.outcomes, [&](const Outcome* outcome) {
    if (outcome == nullptr || outcome->verdict == Outcome::Verdict::skipped) {
      return false;
    }
    if (!first) {
      first = outcome->verdict;
    }
    return outcome->verdict != *first;
  });
}

}  // namespace conformance
