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

// Two rigs gave other answers. To skip a question is no answer.
[[nodiscard]] bool differs(const Row& row);

}  // namespace conformance
