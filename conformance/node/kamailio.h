#pragma once

#include "sim/cluster/call.h"

#include <vector>

namespace node {

// Whether it is a process of this Kamailio: one with the resource's PID file behind -P.
[[nodiscard]] bool is_of(const cluster::Resource& resource, int pid);

// Of this namespace, the main process first.
[[nodiscard]] std::vector<int> processes_of(const cluster::Resource& resource);

// The one of them that is the parent of the others, or the only one; 0 if there is none.
[[nodiscard]] int main_process_of(const cluster::Resource& resource);

}  // namespace node
