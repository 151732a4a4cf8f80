#pragma once

#include "agent/host/process_runner.h"

namespace posix {

// Applies host::Denied to this process, its future children and the programs that they execute,
// permanently, by a filter of system calls (seccomp(2)). Returns 0, or an errno value if that is
// not possible: then nothing is denied.
[[nodiscard]] int deny(host::Denied denied);

}  // namespace posix
