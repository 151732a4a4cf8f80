#pragma once

#include "conformance/outcome/outcome.h"

#include <string>
#include <vector>

namespace conformance {

// What a run came to, in each format that ocf-conformance writes.

// Text for people, line by line: text.cpp.

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

// Documents in Markdown: markdown.cpp.

// What does not hold, as a document to be read and kept: the command that repeats it, the sums by
// rig, and each question that failed or was warned of once, whatever its variants, with what
// happened on the way there.
[[nodiscard]] std::string markdown_text(const Run& run);

// Which questions rest on which requirement; variants of a question are one.
struct Coverage {
  std::string text;                // docs/conformance.md
  std::vector<std::string> wrong;  // requirements that nobody asks and that do not say why, or say
                                   // why and are asked after all
};

// `questions`: without variants, each with the id that it has there.
[[nodiscard]] Coverage coverage_of(const std::vector<Requirement>& requirements,
                                   const std::vector<Question>& questions);

// For other programs: junit.cpp, tap.cpp.

// A JUnit report as GitLab, GitHub and Jenkins read it: a test suite for each topic on each rig, a
// test case for each question, of class RIG.TOPIC. A warning is a test case that passes, with what
// was found as its output. It has nothing that the strictest of them refuses, Jenkins' xUnit
// plugin.
[[nodiscard]] std::string junit_text(const Run& run);

// A report in TAP, version 13, a line "ok N - NAME [RIG]" for each outcome. What was skipped ends
// in a SKIP; a warning is a TODO, which may fail. Below what did not pass is what was found, in
// YAML.
[[nodiscard]] std::string tap_text(const Run& run);

// To be looked at: page/.

// A report as one page of HTML that needs nothing else: the sums, a table with a row for each
// question and a column for each rig, and each failure and warning with a drawing of what happened.
// All of it can be read without JavaScript, which adds a filter; a page's address ending in
// "#filter=WORDS&verdict=failed" opens it filtered.
[[nodiscard]] std::string html_text(const Run& run);

}  // namespace conformance
