#pragma once

#include "agent/host/process_table.h"

#include <vector>

namespace posix {

// Reads /proc and signals through process handles (process_handle.h).
class PosixProcessTable final : public host::ProcessTable {
 public:
  [[nodiscard]] host::Result<host::Process> find(int pid) override;
  [[nodiscard]] host::Result<std::vector<host::Process>> list(const host::Search& search) override;
  [[nodiscard]] host::Result<void> send(const host::ProcessId& process,
                                        host::Signal signal) override;
  [[nodiscard]] std::vector<host::ProcessId> wait_until_gone(
      std::span<const host::ProcessId> processes, host::TimePoint deadline) override;
};

}  // namespace posix
