#pragma once

#include "conformance/outcome/outcome.h"
#include "conformance/report/page/markup.h"

#include <string>

namespace conformance {

// The timeline of an outcome, drawn, and as a list below; each mark leads to its line of the list.
// Ids within begin with `id`.
void write_timeline(Markup& page, const Outcome& outcome, const std::string& id);

}  // namespace conformance
