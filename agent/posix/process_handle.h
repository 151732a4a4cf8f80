#pragma once

#include "agent/host/process_table.h"
#include "agent/host/result.h"
#include "agent/posix/descriptor.h"

#include <chrono>
#include <cstdint>
#include <utility>

namespace posix {

// Holds one process, so that a signal or a wait applies to it and never to a later process with its
// pid. Uses a pidfd if the kernel has pidfds. Linux before 5.3 has none, and seccomp filters of old
// container runtimes refuse them: then the start time is compared right before each signal, which
// leaves some microseconds in which the process could end and its pid be reused.
class ProcessHandle {
 public:
  // How often to call is_over() if there is no descriptor to poll.
  static constexpr std::chrono::milliseconds look_again{5};

  // For poll(2): readable when the process ends. -1 without pidfds.
  [[nodiscard]] int descriptor() const { return pidfd_.get(); }

  // Whether the process has ended: it is a zombie, or gone.
  [[nodiscard]] bool is_over() const;

  // Errors: not_found when the process is gone. For a zombie, success without effect.
  [[nodiscard]] host::Result<void> signal(int number) const;

 private:
  friend host::Result<ProcessHandle> hold_process(int pid);

  ProcessHandle(int pid, Descriptor pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}

  int pid_;
  Descriptor pidfd_;
  std::uint64_t start_time_ = 0;  // known where there is no pidfd
};

// The process that has this pid now, also if it is a zombie; not_found if there is none, or if it
// is only a thread.
[[nodiscard]] host::Result<ProcessHandle> hold_process(int pid);

// This very process; not_found if it is gone, or if its pid has been reused.
[[nodiscard]] host::Result<ProcessHandle> open_process(const host::ProcessId& process);

}  // namespace posix
