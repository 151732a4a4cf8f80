#include "conformance/report/html.h"

#include "conformance/report/comparison.h"
#include "conformance/report/page/answers.h"
#include "conformance/report/page/assets.h"
#include "conformance/report/page/failures.h"
#include "conformance/report/page/markup.h"

#include <string_view>

namespace conformance {
namespace {

// What belongs in a place of the template that is called so.
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

}  // namespace conformance
