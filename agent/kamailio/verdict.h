#pragma once

#include "agent/kamailio/evidence.h"
#include "agent/ocf/outcome.h"

#include <string>
#include <vector>

namespace kamailio {

struct Verdict {
  ocf::Outcome outcome;
  std::vector<std::string> warnings = {};  // problems that do not justify interrupting calls
  // A problem with the PID file of a running server. It is no failure, since stop and monitor find
  // the processes without the file.
  std::string lost_pid_file = {};

  friend bool operator==(const Verdict&, const Verdict&) = default;
};

// The same outcome with a problem added: success becomes degraded.
[[nodiscard]] ocf::Outcome degrade(ocf::Outcome outcome, const std::string& trouble);

// Chooses the exit code of a monitor. Pure: the same evidence gives the same verdict.
[[nodiscard]] Verdict assess(const Evidence& evidence, const Parameters& parameters);

}  // namespace kamailio
