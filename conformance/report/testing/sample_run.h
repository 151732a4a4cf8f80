#pragma once

#include "conformance/outcome/outcome.h"

#include <cstddef>
#include <string>

namespace conformance::testing {

// Runs that are made up, for the tests of reports.

// Two topics on three rigs: four questions with every verdict, one of which two rigs answer
// differently, and a timeline of half a minute.
[[nodiscard]] Run sample_run();

// Every text in it is this one.
[[nodiscard]] Run run_of_text(const std::string& text);

// Markup, quotes, control characters, bytes that are no UTF-8, and letters of other languages.
[[nodiscard]] std::string hostile_text();

// So many questions on three rigs, of which every tenth fails on one.
[[nodiscard]] Run large_run(std::size_t questions);

}  // namespace conformance::testing
