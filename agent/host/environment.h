#pragma once

#include <map>
#include <string>

namespace host {

using Environment = std::map<std::string, std::string>;

// What every ProcessRunner gives a helper program: a fixed PATH (/usr/local and the standard bin
// and sbin directories), LC_ALL=C and TERM=dumb, so that its output has one form everywhere, and of
// the given variables only those that describe the machine: HOME, TZ, and what the dynamic loader
// and libfaketime read.
[[nodiscard]] Environment helper_environment(const Environment& ours);

// What it gives a daemon: all of the given variables but OCF_*, HA_* and PCMK_*. Those speak of one
// action to one agent, and the daemon outlives both.
[[nodiscard]] Environment daemon_environment(const Environment& ours);

}  // namespace host
