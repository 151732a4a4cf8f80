#pragma once

#include <chrono>
#include <vector>

namespace posix {

// Signals all that descend from this process, which has to be their reaper. Never anybody else:
// each is held before it is looked at (process_handle.h). One that is forked meanwhile may be
// missed.
void signal_descendants(int signal_number);

// The children of this process, zombies too.
[[nodiscard]] std::vector<int> own_children();

// Kills children of this process and all that descends from them, and reaps what becomes a child
// meanwhile, until no child is left but the `spared`, or the time is over. For a process that is
// the reaper of its descendants.
void end_children_but(const std::vector<int>& spared, std::chrono::milliseconds time);

}  // namespace posix
