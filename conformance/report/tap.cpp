#include "conformance/report/reports.h"
#include "conformance/report/words.h"

#include <cstddef>
#include <sstream>
#include <string_view>

namespace conformance {
namespace {

using Verdict = Outcome::Verdict;

// Escapes '#', which begins a directive, and the backslash.
std::string escaped(std::string_view text) {
  std::string made;
  for (const char byte : plain_line(text)) {
    if (byte == '#' || byte == '\\') {
      made += '\\';
    }
    made += byte;
  }
  return made;
}

// A YAML string in double quotes, so that no text is parsed as another type.
std::string yaml(std::string_view text) {
  std::string made = R"(")";
  for (const char byte : plain(text)) {
    switch (byte) {
      case '"':
      case '\\':
        made += '\\';
        made += byte;
        break;
      case '\n':
        made += "\\n";
        break;
      case '\t':
        made += "\\t";
        break;
      default:
        made += byte;
    }
  }
  return made + '"';
}

void write_findings(std::ostream& text, const Outcome& outcome) {
  if (outcome.findings.empty()) {
    return;
  }
  text << "  findings:\n";
  for (const auto& finding : outcome.findings) {
    text << "    - at: " << yaml(where(finding)) << "\n      rule: " << yaml(finding.rule)
         << "\n      expected: " << yaml(finding.expected) << "\n      seen: " << yaml(finding.seen)
         << '\n';
    if (!finding.consequence.empty()) {
      text << "      consequence: " << yaml(finding.consequence) << '\n';
    }
  }
}

void write_diagnostics(std::ostream& text, const Run& run, const Outcome& outcome) {
  text << "  ---\n  message: "
       << yaml(outcome.reason.empty() ? outcome.question.claim : outcome.reason)
       << "\n  severity: " << (outcome.verdict == Verdict::warned ? "todo" : "fail")
       << "\n  claim: " << yaml(outcome.question.claim) << "\n  rig: " << yaml(outcome.rig) << '\n';
  if (!outcome.question.place.empty()) {
    text << "  at: " << yaml(outcome.question.place) << '\n';
  }
  if (!outcome.question.rests_on.empty()) {
    text << "  rests_on:\n";
    for (const auto& id : outcome.question.rests_on) {
      text << "    - " << yaml(requirement_line(run, id)) << '\n';
    }
  }
  write_findings(text, outcome);
  if (!outcome.timeline.empty()) {
    text << "  timeline:\n";
    for (const auto& [at, who, what] : outcome.timeline) {
      text << "    - " << yaml(seconds(at) + "  " + who + "  " + what) << '\n';
    }
  }
  text << "  ...\n";
}

}  // namespace

std::string tap_text(const Run& run) {
  if (run.outcomes.empty()) {
    // TAP consumers treat an empty plan as skipped.
    return "TAP version 13\nBail out! No checks ran\n";
  }
  std::ostringstream text;
  text << "TAP version 13\n1.." << run.outcomes.size() << '\n';
  std::size_t number = 0;
  for (const auto& outcome : run.outcomes) {
    const bool is_ok = outcome.verdict == Verdict::passed || outcome.verdict == Verdict::skipped;
    text << (is_ok ? "ok " : "not ok ") << ++number << " - "
         << escaped(outcome.question.name + " [" + outcome.rig + "]");
    if (outcome.verdict == Verdict::skipped) {
      text << " # SKIP " << escaped(outcome.reason);
    } else if (outcome.verdict == Verdict::warned) {
      text << " # TODO the clause is a SHOULD";
    }
    text << '\n';
    if (!is_ok) {
      write_diagnostics(text, run, outcome);
    }
  }
  return text.str();
}

}  // namespace conformance
