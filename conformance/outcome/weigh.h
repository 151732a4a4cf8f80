#pragma once

#include "conformance/outcome/outcome.h"

namespace conformance {

enum class Strictness { usual, strict };

// Makes warnings of failures that rest on nothing stronger than SHOULD; strictly, failures of
// warnings.
void weigh(Run& run, Strictness strictness);

}  // namespace conformance
