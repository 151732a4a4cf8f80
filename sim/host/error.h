#pragma once

#include "agent/host/result.h"

#include <string_view>

namespace sim {

// The same kinds and the same texts as those of the POSIX host: "SUBJECT: what strerror says".
[[nodiscard]] host::Error error_from(int errno_value, std::string_view subject);

}  // namespace sim
