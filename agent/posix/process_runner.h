#pragma once

#include "agent/host/process_runner.h"
#include "agent/posix/spawn.h"

#include <vector>

namespace posix {

// Helpers run under a guard (see guard.h). The launcher of a daemon runs as a plain child in this
// process's group, so that the cluster's SIGKILL to the group also reaches it before it has
// executed its program.
class PosixProcessRunner final : public host::ProcessRunner {
 public:
  // `environment` is that of this process and has to outlive this object. Most actions run nothing,
  // so it is copied only when a program is run.
  explicit PosixProcessRunner(const Environment& environment) : environment_(environment) {}

  [[nodiscard]] std::vector<host::ProcessResult> run(
      std::span<const host::Command> helpers,
      const std::optional<host::ProcessId>& while_alive) override;
  [[nodiscard]] host::ProcessResult launch(const host::Command& daemon) override;

 private:
  const Environment& environment_;
};

}  // namespace posix
