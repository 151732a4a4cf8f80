#pragma once

#include <chrono>
#include <vector>

namespace posix {

// Signals all descendants of this process, which has to be their reaper, and no other process: each
// is held before it is checked (process_handle.h). A process that is forked meanwhile may be
// missed.
void signal_descendants(int signal_number);

// The children of this process, including zombies.
[[nodiscard]] std::vector<int> own_children();

// Kills the children of this process and all their descendants, and reaps processes that become its
// children meanwhile, until only the `spared` are left or the time is over. For a process that is
// the reaper of its descendants.
void end_children_but(const std::vector<int>& spared, std::chrono::milliseconds time);

}  // namespace posix
