#pragma once

#include "conformance/outcome/outcome.h"

#include <string>
#include <vector>

namespace conformance {

// The reports of a run, in each format that ocf-conformance writes.

// Text for people, line by line: text.cpp.

// Whether names are followed by the rig in brackets.
enum class Rigs { one, several };

[[nodiscard]] Rigs rigs_of(const Run& run);

// The failure or warning of an outcome. Begins with "FAILED NAME" or "WARNED NAME".
[[nodiscard]] std::string failure_text(const Outcome& outcome, Rigs rigs);

// The timeline, one line for each event.
[[nodiscard]] std::string timeline_text(const Outcome& outcome, Rigs rigs);

// The part after the failures: warnings, skipped checks with their reasons, flaky checks,
// differences between rigs, and the totals.
[[nodiscard]] std::string summary_text(const Run& run);

// All failures, and the summary.
[[nodiscard]] std::string report_text(const Run& run);

// The rigs side by side: a line for each check that did not pass on every rig that can run it, and
// a column for each rig. A line ends in "differs" if the results do.
[[nodiscard]] std::string columns_text(const Run& run);

// Documents in Markdown: markdown.cpp.

// The failures as a document: the command that repeats the run, the totals by rig, and each failed
// or warned check once, with its variants and a timeline.
[[nodiscard]] std::string markdown_text(const Run& run);

// The checks that cover each requirement; variants are counted as one.
struct Coverage {
  std::string text;                // docs/conformance.md
  std::vector<std::string> wrong;  // requirements that are neither covered nor explained by
                                   // `untested`, or both why and are asked after all
};

// `questions`: without variants, by their ids.
[[nodiscard]] Coverage coverage_of(const std::vector<Requirement>& requirements,
                                   const std::vector<Question>& questions);

// Formats for other programs: junit.cpp, tap.cpp.

// A JUnit report for GitLab, GitHub and Jenkins: a test suite for each topic on each rig, a test
// case for each check, of class RIG.TOPIC. A warning is a test case that passes, with the finding
// as its output. The report is valid for Jenkins' xUnit plugin, the strictest reader.
[[nodiscard]] std::string junit_text(const Run& run);

// A report in TAP, version 13, with a line "ok N - NAME [RIG]" for each outcome. A skipped check
// has a SKIP directive, and a warning a TODO. The findings of a failure follow it in YAML.
[[nodiscard]] std::string tap_text(const Run& run);

// A report for browsers: page/.

// A report as one self-contained HTML page: the totals, a table with a row for each check and a
// column for each rig, and each failure and warning with a drawing of its timeline. Everything is
// readable without JavaScript, which adds a filter; a URL that ends in
// "#filter=WORDS&verdict=failed" opens the page filtered.
[[nodiscard]] std::string html_text(const Run& run);

}  // namespace conformance
