#pragma once

#include "conformance/outcome/outcome.h"

#include <string>
#include <vector>

namespace conformance {

// A check and its outcome on each rig of the comparison; null where it did not run.
struct Row {
  const Question* question = nullptr;
  std::vector<const Outcome*> outcomes = {};
};

// The rigs of a run side by side, in the order of their first outcome, like the rows. It points
// into the run. For a check that ran twice on one rig, the later outcome counts.
struct Comparison {
  std::vector<std::string> rigs = {};
  std::vector<Row> rows = {};
};

[[nodiscard]] Comparison compare(const Run& run);

// Whether verdicts or exit codes differ between rigs. Skipped outcomes do not count.
[[nodiscard]] bool differs(const Row& row);

// The steps whose results differ, one line for each rig: "fakes: stop one: success".
[[nodiscard]] std::vector<std::string> different_answers(const Row& row);

}  // namespace conformance
