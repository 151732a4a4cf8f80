#pragma once

#include "agent/host/environment.h"

#include <tl/expected.hpp>

#include <sys/types.h>

#include <string>
#include <vector>

namespace posix {

using host::daemon_environment;
using host::Environment;
using host::helper_environment;

// The array for execve(2). It points into `lines`.
[[nodiscard]] std::vector<std::string> environment_lines(const Environment& environment);
[[nodiscard]] std::vector<char*> pointers_to(std::vector<std::string>& lines);

enum class Session { shared, shared_with_own_group, own };

// Starts a program with /dev/null as standard input, `out` and `err` as its output, / as working
// directory, default signal handling and no other descriptor. It may lead a process group or a
// session of its own. Returns its pid, a child of this process, or the errno value of
// posix_spawn(3).
[[nodiscard]] tl::expected<pid_t, int> spawn(const std::vector<std::string>& arguments,
                                             const Environment& environment, int out, int err,
                                             Session session);

}  // namespace posix
