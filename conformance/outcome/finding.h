#pragma once

#include <string>

namespace conformance {

// Something that is not as it has to be.
struct Finding {
  std::string rule;  // the scenario's own expectation, or the rule that holds of every call
  std::string step;  // "stop one, timeout 30s"; empty: at the end
  std::string expected;
  std::string seen;
  std::string consequence;  // what the cluster would have done; empty if nothing
  int line = 0;             // of the question's file, from 1; 0: none in particular
};

}  // namespace conformance
