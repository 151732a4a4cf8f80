#pragma once

#include "conformance/outcome/outcome.h"

#include <string>

namespace contract::testing {

// An agent that keeps the contract, apart from one defect, as testing/widget.sh knows them. "plain"
// is none: the agent then has neither roles nor some of the optional actions.
struct Widget {
  std::string defect = "none";
  std::string file_name = "widget";
  double rate = 1;
  bool second_is_made_up = false;  // and not said in what it differs
};

// What came of a check: the reason of a skip, or the findings, and the calls.
struct Played {
  conformance::Outcome::Verdict verdict{};
  std::string text;
};

// In a process, directories and, for root, IPC of its own.
[[nodiscard]] Played play(const std::string& id, const Widget& widget);

}  // namespace contract::testing
