#include "conformance/report/page/page.h"
#include "conformance/report/words.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace conformance {
namespace {

using Verdict = Outcome::Verdict;

constexpr std::array verdicts = {Verdict::broken, Verdict::failed, Verdict::warned, Verdict::passed,
                                 Verdict::skipped};

std::string_view sign(Verdict verdict) {
  switch (verdict) {
    case Verdict::passed:
      return "\u2713";
    case Verdict::failed:
      return "\u2717";
    case Verdict::warned:
      return "!";
    case Verdict::broken:
      return "?";
    case Verdict::skipped:
      return "\u2013";
  }
  return "";
}

void write_sums(Markup& page, const Run& run, const Comparison& comparison) {
  std::map<std::string_view, Sum> by_rig;
  for (const auto& outcome : run.outcomes) {
    by_rig[outcome.rig].add(outcome.verdict);
  }
  page.raw("<div class=\"sums\"><table>\n<thead><tr><th scope=\"col\">Rig</th>");
  for (const auto verdict : verdicts) {
    page.raw(R"(<th scope="col">)").raw(word(verdict)).raw("</th>");
  }
  page.raw("</tr></thead>\n<tbody>\n");
  for (const auto& rig : comparison.rigs) {
    page.raw(R"(<tr><th scope="row">)").text(rig).raw("</th>");
    for (const auto verdict : verdicts) {
      const std::size_t number = by_rig[rig].of(verdict);
      page.raw(R"(<td class=")").raw(number == 0 ? "none" : class_of(verdict)).raw(R"(">)");
      page.number(number).raw("</td>");
    }
    page.raw("</tr>\n");
  }
  page.raw("</tbody>\n</table></div>\n");
}

// The start tag of a row, with the data of the filter.
void begin_row(Markup& page, const Row& row, std::size_t number) {
  std::set<std::string_view> words;
  for (const auto* const outcome : row.outcomes) {
    if (outcome != nullptr) {
      words.insert(class_of(outcome->verdict));
    }
  }
  if (differs(row)) {
    words.insert("differs");
  }
  page.raw(R"(<tr role="row" id="q)").number(number).raw(R"(" data-verdicts=")");
  std::string_view separator;
  for (const auto verdict : words) {
    page.raw(separator).raw(verdict);
    separator = " ";
  }
  page.raw(R"(">)");
}

void write_question(Markup& page, const Run& run, const Row& row) {
  const auto& question = *row.question;
  page.raw(R"(<th scope="row" role="rowheader"><details><summary><span class="name">)")
      .text(question.name)
      .raw("</span>");
  if (differs(row)) {
    page.raw(" <span class=\"differs\">\u2260 differs</span>");
  }
  page.raw(R"( <span class="claim">)").text(question.claim).raw("</span></summary>\n");
  write_requirements(page, run, question);
  if (!question.place.empty()) {
    page.raw("<p><code>").text(question.place).raw("</code></p>\n");
  }
  for (const auto* const outcome : row.outcomes) {
    if (outcome != nullptr && !outcome->reason.empty()) {
      page.raw("<p>").text(outcome->rig).raw(": ").text(outcome->reason).raw("</p>\n");
    }
  }
  page.raw("</details></th>");
}

void write_answer(Markup& page, const std::string& rig, const Outcome* outcome,
                  const FailureNumbers& failures) {
  if (outcome == nullptr) {
    page.raw(R"(<td role="cell" class="none"><span class="rig">)")
        .text(rig)
        .raw(" </span>not run</td>");
    return;
  }
  page.raw(R"(<td role="cell" class=")")
      .raw(class_of(outcome->verdict))
      .raw(R"("><span class="rig">)")
      .text(rig)
      .raw(" </span>");
  const auto failure = failures.find(outcome);
  if (failure != failures.end()) {
    page.raw(R"(<a href="#f)").number(failure->second).raw(R"(">)");
  }
  write_verdict(page, outcome->verdict);
  page.raw(failure != failures.end() ? "</a></td>" : "</td>");
}

std::vector<std::string_view> topics_of(const Comparison& comparison) {
  std::vector<std::string_view> topics;
  for (const auto& row : comparison.rows) {
    if (std::ranges::find(topics, row.question->topic) == topics.end()) {
      topics.emplace_back(row.question->topic);
    }
  }
  return topics;
}

}  // namespace

std::string_view class_of(Verdict verdict) {
  return verdict == Verdict::broken ? "broken" : word(verdict);
}

void write_verdict(Markup& page, Verdict verdict) {
  page.raw(R"(<span aria-hidden="true">)")
      .raw(sign(verdict))
      .raw("</span>\u00A0")
      .raw(word(verdict));
}

void write_requirements(Markup& page, const Run& run, const Question& question) {
  if (question.rests_on.empty()) {
    return;
  }
  page.raw("<ul class=\"requirements\">\n");
  for (const auto& id : question.rests_on) {
    page.raw("<li><code>").text(id).raw("</code>");
    if (const auto* const requirement = find_requirement(run, id); requirement != nullptr) {
      page.raw(" ").text(requirement->says).raw(" <small><b>");
      page.raw(word(requirement->level)).raw("</b>, ").text(requirement->source);
      if (!requirement->section.empty()) {
        page.raw(", ").text(requirement->section);
      }
      page.raw("</small>");
    }
    page.raw("</li>\n");
  }
  page.raw("</ul>\n");
}

void write_summary(Markup& page, const Run& run, const Comparison& comparison) {
  const auto sum = sum_of(run);
  page.raw(R"(<p class="total )")
      .raw(class_of(sum.failed + sum.broken > 0 ? Verdict::failed : Verdict::passed));
  page.raw(R"(">)").text(sum_text(sum)).raw("</p>\n");
  page.raw("<dl>\n<dt>Agent</dt><dd><code>").text(run.agent).raw("</code></dd>\n");
  page.raw("<dt>Command</dt><dd><code>").text(run.command).raw("</code></dd>\n");
  const auto differing = std::ranges::count_if(comparison.rows, differs);
  page.raw("<dt>Checks</dt><dd>").number(comparison.rows.size());
  if (differing > 0) {
    page.raw(", of which ").number(static_cast<std::size_t>(differing));
    page.raw(differing == 1 ? " differs" : " differ").raw(" between rigs");
  }
  page.raw("</dd>\n</dl>\n");
  write_sums(page, run, comparison);
}

void write_answers(Markup& page, const Run& run, const Comparison& comparison,
                   const FailureNumbers& failures) {
  page.raw(
      "<section aria-labelledby=\"answers\">\n<h2 id=\"answers\">All checks</h2>\n"
      "<table class=\"answers\" role=\"table\">\n"
      R"(<thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">)"
      "Check</th>");
  for (const auto& rig : comparison.rigs) {
    page.raw(R"(<th scope="col" role="columnheader">)").text(rig).raw("</th>");
  }
  page.raw("</tr></thead>\n");
  for (const auto topic : topics_of(comparison)) {
    page.raw(
            "<tbody role=\"rowgroup\">\n<tr role=\"row\" class=\"topic\"><th role=\"rowheader\" "
            R"(scope="rowgroup" colspan=")")
        .number(comparison.rigs.size() + 1)
        .raw(R"(">)")
        .text(topic)
        .raw("</th></tr>\n");
    for (std::size_t i = 0; i < comparison.rows.size(); ++i) {
      const auto& row = comparison.rows[i];
      if (row.question->topic != topic) {
        continue;
      }
      begin_row(page, row, i);
      write_question(page, run, row);
      for (std::size_t rig = 0; rig < comparison.rigs.size(); ++rig) {
        write_answer(page, comparison.rigs[rig], row.outcomes[rig], failures);
      }
      page.raw("</tr>\n");
    }
    page.raw("</tbody>\n");
  }
  page.raw("</table>\n</section>\n");
}

}  // namespace conformance
