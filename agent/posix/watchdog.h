#pragma once

#include "agent/host/clock.h"
#include "agent/ocf/outcome.h"

#include <memory>
#include <string>
#include <string_view>

namespace posix {

// Speaks for an agent that hangs: in a file on a dead NFS server or a FUSE file system, or anything
// else that no deadline reaches. The cluster would kill it at the timeout, and a killed agent tells
// nobody anything. A thread sleeps until the deadline; then it writes the exit reason to standard
// error, with what this process is doing (activity.h), and ends the process with 1.
//
// The thread blocks all signals, holds no lock while it sleeps and allocates nothing, so a fork
// meanwhile is safe: the child has no watchdog. A main thread that hangs where not even SIGKILL
// reaches it keeps the process alive, but what was to be said has been said.
class Watchdog {
 public:
  // What the exit reason stands behind ("ocf-exit-reason:"), and how it begins; it goes on with
  // what the process waits for. Without a thread, for want of memory, nobody watches; that is no
  // reason to fail.
  Watchdog(std::string_view exit_reason_prefix, std::string_view reason, host::TimePoint deadline);
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;
  ~Watchdog() { stand_down(); }

  // How the action has ended. Should this process hang while it reports that, this is what is said
  // for it, and the code that it ends with.
  void set_outcome(const ocf::Outcome& outcome);

  // From now on nothing is said. Does not return if something is just being said: the process ends.
  void stand_down();

 private:
  struct Watch;

  std::shared_ptr<Watch> watch_;  // the thread has it, too
  bool has_stood_down_ = false;
};

}  // namespace posix
