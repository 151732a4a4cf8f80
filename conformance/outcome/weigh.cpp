#include "conformance/outcome/weigh.h"

#include <algorithm>
#include <vector>

namespace conformance {
namespace {

using Verdict = Outcome::Verdict;

// A recording rests on nothing but what was measured.
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

}  // namespace conformance
