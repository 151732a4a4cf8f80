#pragma once

#include "agent/host/clock.h"

#include <tl/expected.hpp>

#include <chrono>
#include <string_view>

namespace posix {

// How long a reader of standard output or standard error may keep the agent waiting.
inline constexpr std::chrono::seconds stream_patience(1);

// Writes a text to a descriptor that other processes may share, which rules out O_NONBLOCK: waits
// until there is room for a piece that a pipe takes whole, and writes just that. Only another
// writer that takes the room in between can still make it block. Takes at most `patience` and
// allocates nothing. Error: an errno value, ETIMEDOUT if there was no room for so long.
[[nodiscard]] tl::expected<void, int> write_patiently(int descriptor, std::string_view text,
                                                      host::Duration patience);

}  // namespace posix
