#pragma once

#include "conformance/outcome/outcome.h"

#include <string>

namespace contract::testing {

// An agent that follows the contract except for one defect of testing/widget.sh. "plain" is not a
// defect: the agent then has neither roles nor some of the optional actions.
struct Widget {
  std::string defect = "none";
  std::string file_name = "widget";
  double rate = 1;
  bool second_is_made_up = false;  // without parameters in which it differs
};

// The result of a check: the reason of a skip, or the findings, and the calls.
struct Played {
  conformance::Outcome::Verdict verdict{};
  std::string text;
};

// Runs the check in a process, directories and, for root, IPC namespace of its own.
[[nodiscard]] Played play(const std::string& id, const Widget& widget);

}  // namespace contract::testing
