#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace faults {

// Runs a command, and stops the process of that name (fault.h) among those that it forks before the
// first call of that process. `on_hold` gets its pid while it is stopped; it goes on after a
// SIGCONT. A process that executes a program is let go, and so are all when the command has ended.
// strace alone cannot do this: it counts the calls of each process by themselves, so that a fault
// would hit the agent and all that it forks.
// Returns the wait status of the command. Throws std::system_error. For a process without other
// children.
[[nodiscard]] int run_and_hold(const std::vector<std::string>& command, const std::string& process,
                               const std::function<void(pid_t)>& on_hold);

}  // namespace faults
