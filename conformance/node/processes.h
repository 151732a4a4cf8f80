#pragma once

#include <string>
#include <vector>

namespace node {

// Information about processes from /proc, implemented independently of the agent. A process that
// has ended has no arguments and does not live.

[[nodiscard]] std::vector<int> all_pids();  // of this PID namespace and those below it
[[nodiscard]] std::vector<std::string> arguments_of(int pid);
[[nodiscard]] std::string name_of(int pid);  // proc(5), comm
[[nodiscard]] int parent_of(int pid);        // 0 if there is none
[[nodiscard]] bool lives(int pid);           // a zombie does not
[[nodiscard]] bool is_stopped(int pid);      // by SIGSTOP; or ended
// Pending signals of the process, except SIGCHLD, which comes from its own children.
[[nodiscard]] std::vector<int> pending_signals(int pid);
// Whether the process is in a PID namespace below this one.
[[nodiscard]] bool is_in_inner_namespace(int pid);

}  // namespace node
