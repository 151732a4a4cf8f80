#pragma once

#include "agent/host/result.h"

namespace posix {

// `failed` if /proc may hide processes of other users from this one. proc(5): with hidepid=2
// (invisible) or 4 (ptraceable) it shows a user's own processes only.
[[nodiscard]] host::Result<void> check_that_nothing_is_hidden();

}  // namespace posix
