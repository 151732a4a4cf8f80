#pragma once

#include "agent/host/process_table.h"
#include "agent/posix/descriptor.h"

#include <vector>

namespace posix {

// Reads /proc and signals through pidfds (Linux 5.4 or newer).
class PosixProcessTable final : public host::ProcessTable {
 public:
  [[nodiscard]] host::Result<host::Process> find(int pid) override;
  [[nodiscard]] host::Result<std::vector<host::Process>> list(const host::Search& search) override;
  [[nodiscard]] host::Result<void> send(const host::ProcessId& process,
                                        host::Signal signal) override;
  [[nodiscard]] std::vector<host::ProcessId> wait_until_gone(
      std::span<const host::ProcessId> processes, host::TimePoint deadline) override;
};

// A pidfd for just that process; it polls readable when the process ends. Error not_found when the
// process is gone or its pid has been reused.
[[nodiscard]] host::Result<Descriptor> open_process(const host::ProcessId& process);

}  // namespace posix
