#pragma once

#include <map>
#include <string>

namespace host {

using Environment = std::map<std::string, std::string>;

// The environment that every ProcessRunner gives a helper program: a fixed PATH (/usr/local and the
// standard bin and sbin directories), LC_ALL=C and TERM=dumb, so that its output has the same form
// everywhere. Of the given variables it keeps only those that describe the machine: HOME, TZ, and
// those that the dynamic loader and libfaketime read.
[[nodiscard]] Environment helper_environment(const Environment& ours);

// The environment that it gives a daemon: all of the given variables except OCF_*, HA_* and PCMK_*.
// Those describe one action of one agent, and the daemon outlives both.
[[nodiscard]] Environment daemon_environment(const Environment& ours);

}  // namespace host
