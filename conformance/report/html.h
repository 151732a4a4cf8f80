#pragma once

#include "conformance/outcome/outcome.h"

#include <string>

namespace conformance {

// A report as one page of HTML that needs nothing else: the sums, a table with a row for each
// question and a column for each rig, and each failure and warning with a drawing of what happened.
// All of it can be read without JavaScript, which adds a filter; a page's address ending in
// "#filter=WORDS&verdict=failed" opens it filtered.
[[nodiscard]] std::string html_text(const Run& run);

}  // namespace conformance
