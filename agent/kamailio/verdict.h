#pragma once

#include "agent/kamailio/evidence.h"
#include "agent/ocf/outcome.h"

#include <string>
#include <vector>

namespace kamailio {

struct Verdict {
  ocf::Outcome outcome;
  std::vector<std::string> warnings = {};  // what is wrong and yet no reason to interrupt calls
  // What is wrong with the PID file of a server that runs. The calls go on, and so this is no
  // failure: stop and monitor find the processes without the file.
  std::string lost_pid_file = {};

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

// The same outcome with something that is wrong beside it: a success becomes degraded.
[[nodiscard]] ocf::Outcome degrade(ocf::Outcome outcome, const std::string& trouble);

// Chooses the exit code of a monitor. Pure: the same evidence gives the same verdict.
[[nodiscard]] Verdict assess(const Evidence& evidence, const Parameters& parameters);

}  // namespace kamailio
