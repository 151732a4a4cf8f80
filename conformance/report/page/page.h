#pragma once

#include "conformance/outcome/outcome.h"
#include "conformance/report/comparison.h"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace conformance {

// Markup that grows. Whatever comes from elsewhere goes through text().
class Markup {
 public:
  // As it is.
  Markup& raw(std::string_view markup);

  // Plain text, for the content of an element or an attribute in double quotes.
  Markup& text(std::string_view text);

  Markup& number(std::size_t number);

  [[nodiscard]] std::string take() { return std::move(made_); }

 private:
  std::string made_;
};

// The files of conformance/report/page/ that a page is made of, which the program carries with it.
namespace assets {
extern const std::string_view page_html;
extern const std::string_view page_css;
extern const std::string_view page_js;
}  // namespace assets

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

// The timeline of an outcome, drawn, and as a list below; each mark leads to its line of the list.
// Ids within begin with `id`.
void write_timeline(Markup& page, const Outcome& outcome, const std::string& id);

// All that failed or was warned of, row by row.
[[nodiscard]] FailureNumbers number_failures(const Comparison& comparison);

// They are open if they are few.
void write_failures(Markup& page, const Run& run, const Comparison& comparison,
                    const FailureNumbers& failures);

}  // namespace conformance
