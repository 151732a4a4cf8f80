#pragma once

#include "agent/host/environment.h"

#include <string>
#include <vector>

namespace posix {

using host::daemon_environment;
using host::Environment;
using host::helper_environment;

// The array that execve(2) wants. It points into `lines`.
[[nodiscard]] std::vector<std::string> environment_lines(const Environment& environment);
[[nodiscard]] std::vector<char*> pointers_to(std::vector<std::string>& lines);

}  // namespace posix
