#pragma once

#include "agent/host/process_runner.h"

namespace posix {

// Denies this process, all that it forks and all that they execute, what host::Denied says, for
// good, by a filter of system calls (seccomp(2)). Returns 0, or the errno value of why it cannot be
// done: then nothing is denied.
[[nodiscard]] int deny(host::Denied denied);

}  // namespace posix
