#pragma once

#include "conformance/outcome/outcome.h"

#include <string>

namespace conformance {

// What does not hold, as a document to be read and kept: the command that repeats it, the sums by
// rig, and each question that failed or was warned of once, whatever its variants, with what
// happened on the way there.
[[nodiscard]] std::string markdown_text(const Run& run);

}  // namespace conformance
