#include "conformance/report/page/page.h"

#include "conformance/report/comparison.h"
#include "conformance/report/reports.h"
#include "conformance/report/words.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace conformance {
namespace {

using Verdict = Outcome::Verdict;

// Long enough to read, and short enough for a page with hundreds of texts.
constexpr std::size_t longest_text = 4000;

// The content for the placeholder of this name in the template.
std::string content_of(std::string_view place, const Run& run, const Comparison& comparison,
                       const FailureNumbers& failures) {
  Markup content;
  if (place == "title") {
    content.text("Conformance of " + run.agent);
  } else if (place == "style") {
    content.raw(assets::page_css);
  } else if (place == "script") {
    content.raw(assets::page_js);
  } else if (place == "summary") {
    write_summary(content, run, comparison);
  } else if (place == "failures") {
    write_failures(content, run, comparison, failures);
  } else if (place == "answers") {
    write_answers(content, run, comparison, failures);
  }
  return content.take();
}

}  // namespace

std::string html_text(const Run& run) {
  const auto comparison = compare(run);
  const auto failures = number_failures(comparison);
  std::string page;
  std::string_view rest = assets::page_html;
  for (;;) {
    const auto begin = rest.find("{{");
    const auto end = rest.find("}}", begin);
    if (begin == std::string_view::npos || end == std::string_view::npos) {
      page += rest;
      return page;
    }
    page += rest.substr(0, begin);
    page += content_of(rest.substr(begin + 2, end - begin - 2), run, comparison, failures);
    rest.remove_prefix(end + 2);
  }
}

Markup& Markup::raw(std::string_view markup) {
  made_ += markup;
  return *this;
}

Markup& Markup::text(std::string_view text) {
  for (const char byte : cut(plain(text), longest_text)) {
    switch (byte) {
      case '&':
        made_ += "&amp;";
        break;
      case '<':
        made_ += "&lt;";
        break;
      case '>':
        made_ += "&gt;";
        break;
      case '"':
        made_ += "&quot;";
        break;
      case '\'':
        made_ += "&#39;";
        break;
      default:
        made_ += byte;
    }
  }
  return *this;
}

Markup& Markup::number(std::size_t number) {
  made_ += std::to_string(number);
  return *this;
}

namespace {

constexpr std::size_t most_open = 3;

void write_finding(Markup& page, const Finding& finding) {
  page.raw("<section class=\"finding\">\n<h4>").text(where(finding)).raw(": ");
  page.text(finding.rule).raw("</h4>\n<dl>\n<dt>Expected</dt><dd>").text(finding.expected);
  page.raw("</dd>\n<dt>Seen</dt><dd>").text(finding.seen).raw("</dd>\n");
  if (!finding.consequence.empty()) {
    page.raw(R"(<dt>Then</dt><dd class="consequence">)").text(finding.consequence).raw("</dd>\n");
  }
  page.raw("</dl>\n</section>\n");
}

void write_failure(Markup& page, const Run& run, const Outcome& outcome, std::size_t row,
                   std::size_t number, bool is_open) {
  const auto& question = outcome.question;
  const auto id = "f" + std::to_string(number);
  page.raw(R"(<article class=")")
      .raw(class_of(outcome.verdict))
      .raw(R"(" data-row="q)")
      .number(row);
  page.raw(R"(" data-verdict=")").raw(class_of(outcome.verdict)).raw(R"("><details id=")").raw(id);
  page.raw(is_open ? R"(" open>)" : R"(">)").raw(R"(<summary><h3><span class="verdict">)");
  write_verdict(page, outcome.verdict);
  page.raw("</span> ").text(question.name).raw(R"( <span class="on">on )").text(outcome.rig);
  page.raw(R"(</span></h3> <span class="claim">)").text(question.claim).raw("</span></summary>\n");
  if (!outcome.reason.empty()) {
    page.raw("<p>").text(outcome.reason).raw("</p>\n");
  }
  for (const auto& finding : outcome.findings) {
    write_finding(page, finding);
  }
  write_timeline(page, outcome, id);
  page.raw("<h4>Rests on</h4>\n");
  write_requirements(page, run, question);
  page.raw("<p>");
  if (!question.place.empty()) {
    page.raw("<code>").text(question.place).raw("</code>, ");
  }
  page.raw(R"(<a href="#q)").number(row).raw("\">compare with the other rigs</a></p>\n");
  page.raw("</details></article>\n");
}

void write_those(Markup& page, const Run& run, const Comparison& comparison,
                 const FailureNumbers& failures, Verdict verdict) {
  const auto id = class_of(verdict);
  const auto* const title = verdict == Verdict::failed   ? "Failures"
                            : verdict == Verdict::broken ? "Not run"
                                                         : "Warnings";
  const auto those = sum_of(run).of(verdict);
  if (those == 0) {
    return;
  }
  page.raw(R"(<section aria-labelledby=")").raw(id).raw("\">\n<h2 id=\"").raw(id).raw(R"(">)");
  page.raw(title).raw("</h2>\n");
  for (std::size_t row = 0; row < comparison.rows.size(); ++row) {
    for (const auto* const outcome : comparison.rows[row].outcomes) {
      if (outcome != nullptr && outcome->verdict == verdict) {
        write_failure(page, run, *outcome, row, failures.at(outcome), those <= most_open);
      }
    }
  }
  page.raw("</section>\n");
}

}  // namespace

FailureNumbers number_failures(const Comparison& comparison) {
  FailureNumbers numbers;
  for (const auto& row : comparison.rows) {
    for (const auto* const outcome : row.outcomes) {
      if (outcome != nullptr && outcome->verdict != Verdict::passed &&
          outcome->verdict != Verdict::skipped) {
        numbers.emplace(outcome, numbers.size() + 1);
      }
    }
  }
  return numbers;
}

void write_failures(Markup& page, const Run& run, const Comparison& comparison,
                    const FailureNumbers& failures) {
  write_those(page, run, comparison, failures, Verdict::broken);
  write_those(page, run, comparison, failures, Verdict::failed);
  write_those(page, run, comparison, failures, Verdict::warned);
}

}  // namespace conformance
