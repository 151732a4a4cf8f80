#pragma once

#include "agent/host/clock.h"
#include "agent/host/host.h"
#include "agent/host/process_runner.h"
#include "agent/host/process_table.h"
#include "agent/kamailio/evidence.h"
#include "agent/kamailio/parameters.h"

#include <functional>
#include <string>
#include <vector>

namespace kamailio {

// A tool that is to run, and how to read its result. The deadline is not set yet; `waited` says in
// words how long it was.
struct PlannedTool {
  host::Command command;
  std::function<Check(const host::ProcessResult&, const std::string& waited)> read;
};

// The checks by other programs: "kamctl monitor 1" unless kamctlrc is empty, and, with
// probe=sipsak, sipsak once for each transport of proto.
class ToolChecks {
 public:
  ToolChecks(const host::Host& host, const Parameters& parameters);

  // Of the tools that are missing or may not be run.
  [[nodiscard]] const std::vector<Check>& unusable() const { return unusable_; }

  // Runs the others side by side. All end by the deadline, and as soon as the main process does.
  [[nodiscard]] std::vector<Check> run(const host::ProcessId& main, host::TimePoint deadline) const;

 private:
  const host::Host& host_;
  std::vector<Check> unusable_;
  std::vector<PlannedTool> planned_;
};

}  // namespace kamailio
