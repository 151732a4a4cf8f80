#pragma once

#include "conformance/outcome/outcome.h"

#include <string>

namespace conformance {

// A report in TAP, version 13, a line "ok N - NAME [RIG]" for each outcome. What was skipped ends
// in a SKIP; a warning is a TODO, which may fail. Below what did not pass is what was found, in
// YAML.
[[nodiscard]] std::string tap_text(const Run& run);

}  // namespace conformance
