#pragma once

#include "agent/host/process_runner.h"
#include "agent/posix/spawn.h"

#include <vector>

namespace posix {

// Helpers run under a guard (see guard.h); a daemon's launcher runs as a plain child in this
// process's group, so that the cluster's SIGKILL to the group reaches it before it has executed.
class PosixProcessRunner final : public host::ProcessRunner {
 public:
  // The environment of this process; it outlives this. Most actions run nothing, so it is copied
  // only where something is run.
  explicit PosixProcessRunner(const Environment& environment) : environment_(environment) {}

  [[nodiscard]] std::vector<host::ProcessResult> run(
      std::span<const host::Command> helpers,
      const std::optional<host::ProcessId>& while_alive) override;
  [[nodiscard]] host::ProcessResult launch(const host::Command& daemon) override;

 private:
  const Environment& environment_;
};

}  // namespace posix
