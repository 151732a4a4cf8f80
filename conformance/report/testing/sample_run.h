#pragma once

#include "conformance/outcome/outcome.h"

#include <cstddef>
#include <string>

namespace conformance::testing {

// Artificial runs for the tests of reports.

// Two topics on three rigs: four checks with every verdict, one of which differs between two rigs,
// and a timeline of half a minute.
[[nodiscard]] Run sample_run();

// A run in which every text is this one.
[[nodiscard]] Run run_of_text(const std::string& text);

// Markup, quotes, control characters, bytes that are not UTF-8, and letters of other languages.
[[nodiscard]] std::string hostile_text();

// This many checks on three rigs, of which every tenth fails on one.
[[nodiscard]] Run large_run(std::size_t questions);

}  // namespace conformance::testing
