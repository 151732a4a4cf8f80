#pragma once

#include "agent/kamailio/evidence.h"
#include "agent/ocf/outcome.h"

#include <string>
#include <vector>

namespace kamailio {

struct Verdict {
  ocf::Outcome outcome;
  std::vector<std::string> warnings = {};  // what is wrong and yet no reason to interrupt calls

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

// Chooses the exit code of a monitor. Pure: the same evidence gives the same verdict.
[[nodiscard]] Verdict assess(const Evidence& evidence, const Parameters& parameters);

}  // namespace kamailio
