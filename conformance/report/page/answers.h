#pragma once

#include "conformance/outcome/outcome.h"
#include "conformance/report/comparison.h"
#include "conformance/report/page/markup.h"

#include <cstddef>
#include <map>

namespace conformance {

// Which failure of the page tells more of an outcome.
using FailureNumbers = std::map<const Outcome*, std::size_t>;

// The agent, the command, and a table of the sums by rig.
void write_summary(Markup& page, const Run& run, const Comparison& comparison);

// The table of all questions, rigs side by side.
void write_answers(Markup& page, const Run& run, const Comparison& comparison,
                   const FailureNumbers& failures);

// What a question rests on, as a list.
void write_requirements(Markup& page, const Run& run, const Question& question);

// A verdict as a sign and a word, so that nobody needs its colour.
void write_verdict(Markup& page, Outcome::Verdict verdict);

}  // namespace conformance
