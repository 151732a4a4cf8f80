#pragma once

namespace posix {

// Signals all that descend from this process, which has to be their reaper. Never anybody else:
// each is held before it is looked at (process_handle.h). One that is forked meanwhile may be
// missed.
void signal_descendants(int signal_number);

}  // namespace posix
