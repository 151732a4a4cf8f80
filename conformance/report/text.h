#pragma once

#include "conformance/outcome/outcome.h"

#include <string>
#include <vector>

namespace conformance {

// For people, line by line.

// Whether names need the rig in brackets behind them.
enum class Rigs { one, several };

[[nodiscard]] Rigs rigs_of(const Run& run);

// Why it failed or was warned of. Begins with "FAILED NAME" or "WARNED NAME".
[[nodiscard]] std::string failure_text(const Outcome& outcome, Rigs rigs);

// What happened, one line for each event.
[[nodiscard]] std::string timeline_text(const Outcome& outcome, Rigs rigs);

// What stands below the failures: what was warned of, what was skipped and why, what came out
// differently on different rigs, and the sum.
[[nodiscard]] std::string summary_text(const Run& run);

// All failures, and the summary.
[[nodiscard]] std::string report_text(const Run& run);

// The rigs side by side: a line for each question that did not pass on every rig that it fits, a
// column for each rig. A line ends in "differs" if their answers do.
[[nodiscard]] std::string columns_text(const Run& run);

}  // namespace conformance
