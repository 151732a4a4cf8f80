#include "conformance/report/comparison.h"
#include "conformance/report/reports.h"
#include "conformance/report/words.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <iomanip>
#include <map>
#include <sstream>
#include <string_view>

namespace conformance {
namespace {

using Verdict = Outcome::Verdict;

constexpr std::size_t who_columns = 15;

std::string name_of(const Outcome& outcome, Rigs rigs) {
  return outcome.question.name + (rigs == Rigs::several ? " [" + outcome.rig + "]" : "");
}

std::string shouted(Verdict verdict) {
  std::string text(word(verdict));
  std::ranges::transform(text, text.begin(), [](unsigned char letter) {
    return static_cast<char>(std::toupper(letter));
  });
  return text;
}

std::string padded(std::string text, std::size_t columns) {
  const std::size_t taken = length(text);
  return taken < columns ? text.append(columns - taken, ' ') : text;
}

// Indents the lines of a text from the second on.
std::string hanging(std::string_view text, std::size_t columns) {
  std::string lines;
  for (const char byte : plain(text)) {
    lines += byte;
    if (byte == '\n') {
      lines.append(columns, ' ');
    }
  }
  return lines;
}

std::string place_text(const Question& question) {
  const std::string ids = ids_of(question);
  if (ids.empty() || question.place.empty()) {
    return question.place + (ids.empty() ? "" : "rests on " + ids);
  }
  return question.place + ", rests on " + ids;
}

// Lists skipped checks below the failures. Checks with the same reason share a line.
void list_skipped(std::ostream& text, const Run& run, Rigs rigs) {
  std::map<std::string, std::vector<std::string>> names;
  for (const auto& outcome : run.outcomes) {
    if (outcome.verdict == Verdict::skipped) {
      names[plain_line(outcome.reason)].push_back(name_of(outcome, rigs));
    }
  }
  for (const auto& [reason, those] : names) {
    text << "SKIPPED " << plain(those.front());
    if (those.size() > 1) {
      text << " and " << those.size() - 1 << " more";
    }
    text << ": " << (reason.empty() ? "no reason given" : reason) << '\n';
  }
}

void list_flaky(std::ostream& text, const Run& run, Rigs rigs) {
  for (const auto& outcome : run.outcomes) {
    if (outcome.is_second_try) {
      text << "FLAKY " << plain_line(name_of(outcome, rigs))
           << ": passed only on retry, with fewer nodes at a time and slower clocks\n";
    }
  }
}

void list_warned(std::ostream& text, const Run& run, Rigs rigs) {
  for (const auto& outcome : run.outcomes) {
    if (outcome.verdict == Verdict::warned) {
      text << failure_text(outcome, rigs);
    }
  }
}

void list_differences(std::ostream& text, const Comparison& comparison) {
  for (const auto& row : comparison.rows) {
    if (!differs(row)) {
      continue;
    }
    text << "DIFFERS " << plain(row.question->name) << ':';
    const char* separator = " ";
    for (const auto* const outcome : row.outcomes) {
      if (outcome != nullptr) {
        text << separator << plain(outcome->rig) << ' ' << word(outcome->verdict);
        separator = ", ";
      }
    }
    text << '\n';
    for (const auto& answers : different_answers(row)) {
      text << "  " << plain_line(answers) << '\n';
    }
  }
}

// Skipped on every rig.
bool was_skipped(const Row& row) {
  return std::ranges::all_of(row.outcomes, [](const Outcome* outcome) {
    return outcome == nullptr || outcome->verdict == Verdict::skipped;
  });
}

bool is_fine(const Row& row) {
  return !differs(row) && std::ranges::all_of(row.outcomes, [](const Outcome* outcome) {
    return outcome == nullptr || outcome->verdict == Verdict::passed ||
           outcome->verdict == Verdict::skipped;
  });
}

}  // namespace

Rigs rigs_of(const Run& run) { return compare(run).rigs.size() > 1 ? Rigs::several : Rigs::one; }

std::string failure_text(const Outcome& outcome, Rigs rigs) {
  std::ostringstream text;
  const auto& question = outcome.question;
  text << shouted(outcome.verdict) << ' ' << plain_line(name_of(outcome, rigs)) << "\n  "
       << hanging(question.claim, 2) << '\n';
  if (const auto place = place_text(question); !place.empty()) {
    text << "  " << plain_line(place) << '\n';
  }
  if (!outcome.reason.empty()) {
    text << "  " << hanging(outcome.reason, 2) << '\n';
  }
  constexpr std::size_t values = 14;
  for (const auto& finding : outcome.findings) {
    text << "  " << plain_line(where(finding)) << ": " << plain_line(finding.rule)
         << "\n    expected: " << hanging(finding.expected, values)
         << "\n    seen:     " << hanging(finding.seen, values) << '\n';
    if (!finding.consequence.empty()) {
      text << "    then:     " << hanging(finding.consequence, values) << '\n';
    }
  }
  return text.str();
}

std::string timeline_text(const Outcome& outcome, Rigs rigs) {
  std::ostringstream text;
  text << plain_line(name_of(outcome, rigs)) << ' ' << word(outcome.verdict) << ": "
       << plain_line(outcome.question.claim) << '\n';
  for (const auto& [at, who, what] : outcome.timeline) {
    text << std::setw(12) << seconds(at) << "  " << padded(plain_line(who), who_columns) << "  "
         << plain_line(what) << '\n';
  }
  return text.str();
}

std::string summary_text(const Run& run) {
  const auto comparison = compare(run);
  const auto rigs = comparison.rigs.size() > 1 ? Rigs::several : Rigs::one;
  std::ostringstream text;
  list_warned(text, run, rigs);
  list_skipped(text, run, rigs);
  list_flaky(text, run, rigs);
  list_differences(text, comparison);
  text << sum_text(sum_of(run)) << '\n';
  return text.str();
}

std::string report_text(const Run& run) {
  const auto rigs = rigs_of(run);
  std::string text;
  for (const auto& outcome : run.outcomes) {
    if (outcome.verdict == Verdict::failed || outcome.verdict == Verdict::broken) {
      text += failure_text(outcome, rigs);
    }
  }
  return text + summary_text(run);
}

std::string columns_text(const Run& run) {
  auto comparison = compare(run);
  std::erase_if(comparison.rows, [](const Row& row) { return was_skipped(row); });
  const std::size_t asked = comparison.rows.size();
  std::erase_if(comparison.rows, [](const Row& row) { return is_fine(row); });
  const std::size_t fine = asked - comparison.rows.size();
  auto passed = std::to_string(fine) + " passed on every rig that can run them\n";
  if (comparison.rows.empty()) {
    return passed;
  }
  constexpr std::string_view title = "check";
  std::size_t widest = title.size();
  for (const auto& row : comparison.rows) {
    widest = std::max(widest, length(plain_line(row.question->name)));
  }
  std::vector<std::size_t> widths;
  for (const auto& rig : comparison.rigs) {
    widths.push_back(std::max(length(plain_line(rig)), word(Verdict::skipped).size()));
  }

  std::string text;
  const auto end_line = [&](std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  };
  std::string line = padded(std::string(title), widest);
  for (std::size_t i = 0; i < widths.size(); ++i) {
    line += "  " + padded(plain_line(comparison.rigs[i]), widths[i]);
  }
  end_line(line);
  for (const auto& row : comparison.rows) {
    line = padded(plain_line(row.question->name), widest);
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const auto* const outcome = row.outcomes[i];
      line +=
          "  " + padded(outcome == nullptr ? "-" : std::string(word(outcome->verdict)), widths[i]);
    }
    end_line(differs(row) ? line + "  differs" : line);
  }
  return fine == 0 ? text : text + "and " + passed;
}

}  // namespace conformance
