#pragma once

#include "conformance/faults/fault.h"
#include "conformance/faults/trace.h"

#include <string>
#include <vector>

namespace faults {

// All faults for the calls of a run: each call with each error that it can fail with, but for those
// calls of which a failure means nothing.
[[nodiscard]] std::vector<Fault> faults_in(const std::string& case_name, const Trace& trace);

}  // namespace faults
