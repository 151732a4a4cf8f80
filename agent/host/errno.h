#pragma once

#include "agent/host/result.h"

#include <string_view>

namespace host {

// The one place where an errno value becomes a kind. The text reads "SUBJECT: what strerror says".
[[nodiscard]] Error error_from(int errno_value, std::string_view subject);

}  // namespace host
