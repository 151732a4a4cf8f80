#pragma once

#include "conformance/outcome/outcome.h"

namespace conformance {

// Makes warnings of failures that rest on nothing stronger than SHOULD; `strict` makes failures of
// warnings.
void weigh(Run& run, bool strict);

}  // namespace conformance
