#pragma once

namespace posix {

// Closes all open descriptors of this process from `first` to `last`: close_range(2), and before
// Linux 5.9, or where a filter refuses it, by what /proc/self/fd shows.
void close_descriptors(unsigned first, unsigned last);

}  // namespace posix
