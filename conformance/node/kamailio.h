#pragma once

#include "sim/cluster/call.h"

#include <vector>

namespace node {

// Whether the process belongs to this Kamailio: it has the resource's PID file after -P.
[[nodiscard]] bool is_of(const cluster::Resource& resource, int pid);

// The processes in this namespace, the main process first.
[[nodiscard]] std::vector<int> processes_of(const cluster::Resource& resource);

// The parent of the others, or the only process; 0 if there is none.
[[nodiscard]] int main_process_of(const cluster::Resource& resource);

}  // namespace node
