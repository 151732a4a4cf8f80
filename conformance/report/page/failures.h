#pragma once

#include "conformance/report/comparison.h"
#include "conformance/report/page/answers.h"
#include "conformance/report/page/markup.h"

namespace conformance {

// All that failed or was warned of, row by row.
[[nodiscard]] FailureNumbers number_failures(const Comparison& comparison);

// They are open if they are few.
void write_failures(Markup& page, const Run& run, const Comparison& comparison,
                    const FailureNumbers& failures);

}  // namespace conformance
