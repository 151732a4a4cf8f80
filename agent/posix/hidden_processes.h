#pragma once

#include "agent/host/result.h"

#include <sys/types.h>

#include <string_view>

namespace posix {

// Whether /proc shows only processes that its reader may trace, to a reader without CAP_SYS_PTRACE,
// by the text of /proc/self/mountinfo (proc_pid_mountinfo(5): the fifth field is the mount point).
// proc(5): hidepid=2 (invisible) spares the group gid=, which is 0 unless it is set, so that root
// usually sees all; hidepid=4 (ptraceable) spares none.
[[nodiscard]] bool hides_processes(std::string_view mounts, bool (*is_member)(gid_t group));

// `failed` if /proc hides processes from this process.
[[nodiscard]] host::Result<void> check_that_nothing_is_hidden();

}  // namespace posix
