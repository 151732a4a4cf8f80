#pragma once

#include "agent/host/clock.h"
#include "agent/ocf/outcome.h"

#include <memory>
#include <string>
#include <string_view>

namespace posix {

// Reports an agent that hangs, for example in a file on a dead NFS server or a FUSE file system,
// where no deadline works. The cluster would kill it at the timeout, and a killed agent reports
// nothing. A thread sleeps until the deadline; then it writes the exit reason to standard error,
// with the current activity (activity.h), and ends the process with exit code 1.
//
// The thread blocks all signals, holds no lock while it sleeps and allocates nothing, so a fork
// meanwhile is safe: the child has no watchdog. If the main thread hangs where not even SIGKILL
// works, the process stays, but the exit reason has been written.
class Watchdog {
 public:
  // Takes the prefix of the exit reason ("ocf-exit-reason:") and its beginning, which the activity
  // completes. If the thread cannot be created, for want of memory, there is no watchdog; that is
  // not an error.
  Watchdog(std::string_view exit_reason_prefix, std::string_view reason, host::TimePoint deadline);
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog() { stand_down(); }

  // The outcome of the action. If the process hangs while it reports this outcome, the watchdog
  // reports it instead, and ends the process with its exit code.
  void set_outcome(const ocf::Outcome& outcome);

  // Ends the watch. Does not return if the watchdog is just writing its report: then the process
  // ends.
  void stand_down();

 private:
  struct Watch;

  std::shared_ptr<Watch> watch_;  // the thread has it, too
  bool has_stood_down_ = false;
};

}  // namespace posix
