#pragma once

#include "agent/host/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace kamailio {

// Splits a text into words by the quoting rules of POSIX (Shell Command Language, 2.2): single
// quotes, double quotes, backslash. Nothing is expanded, and operators are plain characters. Error:
// a quote that is not closed, a backslash at the end.
[[nodiscard]] host::Result<std::vector<std::string>> split_words(std::string_view text);

}  // namespace kamailio
