#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace faults {

// Runs a command, and stops the process of that name (fault.h) before its first system call.
// `on_hold` gets the PID of the stopped process, which continues after SIGCONT. A process that
// calls exec is released, and so are all when the command has ended. strace alone cannot do this:
// it counts the calls of each process separately, so that a fault would affect the agent and all of
// its children. Returns the wait status of the command. Throws std::system_error. The calling
// process must not have other children.
[[nodiscard]] int run_and_hold(const std::vector<std::string>& command, const std::string& process,
                               const std::function<void(pid_t)>& on_hold);

}  // namespace faults
