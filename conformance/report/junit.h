#pragma once

#include "conformance/outcome/outcome.h"

#include <string>

namespace conformance {

// A JUnit report as GitLab, GitHub and Jenkins read it: a test suite for each topic on each rig, a
// test case for each question, of class RIG.TOPIC. A warning is a test case that passes, with what
// was found as its output. It has nothing that the strictest of them refuses, Jenkins' xUnit
// plugin.
[[nodiscard]] std::string junit_text(const Run& run);

}  // namespace conformance
