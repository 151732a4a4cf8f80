#pragma once

#include <string>
#include <vector>

namespace node {

// What /proc tells of processes, read apart from the agent's own code. A process that is gone has
// no arguments, and does not live.

[[nodiscard]] std::vector<int> all_pids();  // of this PID namespace and those within it
[[nodiscard]] std::vector<std::string> arguments_of(int pid);
[[nodiscard]] std::string name_of(int pid);  // proc(5), comm
[[nodiscard]] int parent_of(int pid);        // 0 if there is none
[[nodiscard]] bool lives(int pid);           // a zombie does not
[[nodiscard]] bool is_stopped(int pid);      // by SIGSTOP; or gone
// Signals that were sent to it, and that it has not taken yet; but for SIGCHLD, which it gets from
// children of its own.
[[nodiscard]] std::vector<int> pending_signals(int pid);
// In a PID namespace within this one.
[[nodiscard]] bool is_in_inner_namespace(int pid);

}  // namespace node
