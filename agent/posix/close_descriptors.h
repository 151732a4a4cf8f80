#pragma once

#include <vector>

namespace posix {

// Closes all open descriptors of this process from `first` to `last`: close_range(2), and before
// Linux 5.9, or where a filter refuses it, by what /proc/self/fd shows.
void close_descriptors(unsigned first, unsigned last);

// Leaves a forked process the descriptors that are named, each above 2, and /dev/null for its three
// standard streams: what it does not hold nobody waits for.
void keep_only(std::vector<int> descriptors);

}  // namespace posix
