#pragma once

#include "conformance/outcome/outcome.h"
#include "conformance/report/comparison.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace conformance {

// Collects markup. Text that comes from a run must go through text().
class Markup {
 public:
  // Appends markup without escaping it.
  Markup& raw(std::string_view markup);

  // Escapes plain text, for the content of an element or an attribute in double quotes.
  Markup& text(std::string_view text);

  Markup& number(std::size_t number);

  [[nodiscard]] std::string take() { return std::move(made_); }

 private:
  std::string made_;
};

// The files of conformance/report/page/ that make up a page, compiled into the program.
namespace assets {
extern const std::string_view page_html;
extern const std::string_view page_css;
extern const std::string_view page_js;
}  // namespace assets

// The number of the failure that describes an outcome.
using FailureNumbers = std::map<const Outcome*, std::size_t>;

// The agent, the command, and a table of the sums by rig.
void write_summary(Markup& page, const Run& run, const Comparison& comparison);

// The table of all checks, rigs side by side.
void write_answers(Markup& page, const Run& run, const Comparison& comparison,
                   const FailureNumbers& failures);

// The requirements of a check, as a list.
void write_requirements(Markup& page, const Run& run, const Question& question);

// The CSS class, and the value in the filter, of a verdict.
[[nodiscard]] std::string_view class_of(Outcome::Verdict verdict);

// A verdict as a sign and a word, so that it is readable without colour.
void write_verdict(Markup& page, Outcome::Verdict verdict);

// The timeline of an outcome, as a drawing and as a list below it; each mark links to its line.
// The ids of its elements begin with `id`.
void write_timeline(Markup& page, const Outcome& outcome, const std::string& id);

// All failures and warnings, row by row.
[[nodiscard]] FailureNumbers number_failures(const Comparison& comparison);

// Writes the failures, unfolded if there are only a few.
void write_failures(Markup& page, const Run& run, const Comparison& comparison,
                    const FailureNumbers& failures);

}  // namespace conformance
