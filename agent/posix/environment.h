#pragma once

#include <map>
#include <string>
#include <vector>

namespace posix {

using Environment = std::map<std::string, std::string>;

// What a helper program gets: a fixed PATH (/usr/local and the standard bin and sbin directories),
// LC_ALL=C and TERM=dumb, so that its output has one form everywhere, and of the given variables
// only those that describe the machine: HOME, TZ, and what the dynamic loader and libfaketime read.
[[nodiscard]] Environment helper_environment(const Environment& ours);

// What a daemon gets: all of the given variables but OCF_*, HA_* and PCMK_*. Those speak of one
// action to one agent, and the daemon outlives both.
[[nodiscard]] Environment daemon_environment(const Environment& ours);

// The array that execve(2) wants. It points into `lines`.
[[nodiscard]] std::vector<std::string> environment_lines(const Environment& environment);
[[nodiscard]] std::vector<char*> pointers_to(std::vector<std::string>& lines);

}  // namespace posix
