#pragma once

#include "conformance/outcome/outcome.h"

#include <string>
#include <vector>

namespace conformance {

// A question, and how it came out on each rig of the comparison; null where it was not asked.
struct Row {
  const Question* question = nullptr;
  std::vector<const Outcome*> outcomes = {};
};

// The rigs of a run side by side, both in the order in which they came up. It points into the run.
// A question that was asked twice on one rig stands there with its later outcome.
struct Comparison {
  std::vector<std::string> rigs = {};
  std::vector<Row> rows = {};
};

[[nodiscard]] Comparison compare(const Run& run);

// It came out otherwise on two rigs, or the agent gave other answers there. To skip a question is
// no answer.
[[nodiscard]] bool differs(const Row& row);

// The steps whose answers are not the same everywhere: "fakes: stop one: success", for each rig.
[[nodiscard]] std::vector<std::string> different_answers(const Row& row);

}  // namespace conformance
