#pragma once

#include "agent/host/process_runner.h"
#include "agent/host/result.h"
#include "agent/posix/descriptor.h"
#include "agent/posix/spawn.h"

#include <sys/types.h>

#include <optional>
#include <string>

namespace posix {

// A guard's report about its helper: the pid once the helper has started, and then how it ended.
struct GuardReport {
  pid_t helper = 0;
  bool is_over = false;
  int spawn_error = 0;  // an errno value if the helper could not be started
  int wait_status = 0;  // of the helper itself, as waitpid(2) gives it
};

// A helper program under a guard: a small process between the agent and the helper, in its own
// session. The guard is the reaper of all processes that the helper starts
// (PR_SET_CHILD_SUBREAPER), so none can escape. When the helper ends, or the agent requests it, or
// the agent is gone, the guard ends all remaining processes, removes the reply FIFO, and only then
// reports.
struct GuardedHelper {
  pid_t guard = 0;
  Descriptor lifeline;  // a byte ends the helper, SIGTERM first; closing it kills it at once
  Descriptor report;    // becomes readable when the guard reports, or is gone
  Descriptor out;
  Descriptor err;
};

[[nodiscard]] host::Result<GuardedHelper> start_guarded(const host::Command& helper,
                                                        const Environment& environment);

// Reads the next report once `report` is readable; nothing if the guard itself was killed.
[[nodiscard]] std::optional<GuardReport> read_report(const Descriptor& report);

// Removes the FIFO that a helper has left, if the file is a FIFO and belongs to this user.
void remove_reply_fifo(const std::string& prefix, pid_t helper);

}  // namespace posix
