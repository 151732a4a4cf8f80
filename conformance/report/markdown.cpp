#include "conformance/report/comparison.h"
#include "conformance/report/reports.h"
#include "conformance/report/words.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <string_view>
#include <vector>

namespace conformance {
namespace {

using Verdict = Outcome::Verdict;

// "stop-twice" for "stop-twice/5s/sipsak"; a check of the contract has no variants.
std::string id_of(const std::string& name) { return name.substr(0, name.find('/')); }

// A check that failed, with its variants and rigs.
struct Case {
  const Outcome* first = nullptr;
  std::vector<std::string> places = {};  // "5s/sipsak on fakes"
};

std::string place_of(const Outcome& outcome) {
  const auto& name = outcome.question.name;
  const auto variant = name.substr(std::min(id_of(name).size() + 1, name.size()));
  return plain_line(variant.empty() ? outcome.rig : variant + " on " + outcome.rig);
}

std::string code(const std::string& text) {
  const auto line = plain_line(text);
  // A text with backticks needs two of them around it.
  return line.find('`') == std::string::npos ? "`" + line + "`" : "`` " + line + " ``";
}

class Document {
 public:
  explicit Document(const Run& run) : run_(run) {
    std::map<std::string, std::size_t> known;
    for (const auto& outcome : run.outcomes) {
      if (outcome.verdict == Verdict::passed || outcome.verdict == Verdict::skipped) {
        continue;
      }
      const auto [at, is_new] = known.emplace(id_of(outcome.question.name), cases_.size());
      if (is_new) {
        cases_.push_back({.first = &outcome});
      }
      cases_[at->second].places.push_back(place_of(outcome));
    }
  }

  std::string write() {
    text_ << "Command:\n\n    " << plain_line(run_.command) << "\n\n";
    write_sums();
    write_cases(Verdict::broken, "Not run");
    write_cases(Verdict::failed, "Failed requirements (MUST)");
    write_cases(Verdict::warned, "Violated recommendations (SHOULD)");
    return text_.str();
  }

 private:
  void write_sums() {
    text_ << "| rig | failed | warned | passed | skipped |\n| --- | --- | --- | --- | --- |\n";
    for (const auto& rig : compare(run_).rigs) {
      Sum sum;
      for (const auto& outcome : run_.outcomes) {
        if (outcome.rig == rig) {
          sum.add(outcome.verdict);
        }
      }
      text_ << "| " << rig << " | " << sum.failed << " | " << sum.warned << " | " << sum.passed
            << " | " << sum.skipped << " |\n";
    }
  }

  void write_cases(Verdict verdict, std::string_view title) {
    const auto has_it = [&](const Case& each) { return each.first->verdict == verdict; };
    if (std::ranges::none_of(cases_, has_it)) {
      return;
    }
    text_ << "\n## " << title << "\n";
    for (const auto& each : cases_) {
      if (has_it(each)) {
        write(each);
      }
    }
  }

  void write(const Case& each) {
    const auto& question = each.first->question;
    text_ << "\n### " << id_of(question.name) << "\n\n"
          << plain_line(question.claim) << ". Rests on " << ids_of(question) << ".\n\nFails with: ";
    for (std::size_t i = 0; i < each.places.size(); ++i) {
      text_ << (i == 0 ? "" : ", ") << each.places[i];
    }
    text_ << ". The first failure:\n\n";
    for (const auto& finding : each.first->findings) {
      text_ << "- " << code(step_of(finding)) << ": " << plain_line(finding.rule) << ": expected "
            << code(finding.expected) << ", seen " << code(finding.seen)
            << (finding.consequence.empty() ? "" : "; " + plain_line(finding.consequence)) << "\n";
    }
    if (!each.first->timeline.empty()) {
      text_ << "\nTimeline:\n\n";
      for (const auto& [at, who, what] : each.first->timeline) {
        if (who == "agent") {
          continue;  // its log is long, and not needed to repeat the failure
        }
        constexpr std::size_t longest = 160;
        text_ << "    " << seconds(at) << "  " << plain_line(who) << ": "
              << cut(plain_line(what), longest) << "\n";
      }
    }
  }

  const Run& run_;
  std::vector<Case> cases_;
  std::ostringstream text_;
};

}  // namespace

std::string markdown_text(const Run& run) { return Document(run).write(); }

namespace {

// Escapes a text for a cell of a table.
std::string cell(std::string text) {
  for (auto bar = text.find('|'); bar != std::string::npos; bar = text.find('|', bar + 2)) {
    text.insert(bar, "\\");
  }
  return text;
}

class CoverageWriter {
 public:
  CoverageWriter(const std::vector<Requirement>& requirements,
                 const std::vector<Question>& questions)
      : requirements_(requirements) {
    for (const auto& question : questions) {
      for (const auto& requirement : question.rests_on) {
        auto& names = asked_[requirement];
        if (std::ranges::find(names, question.name) == names.end()) {
          names.push_back(question.name);
        }
      }
    }
  }

  Coverage write(std::size_t count) {
    text_ << "# Coverage of the requirements\n"
             "\n"
             "Generated by `ocf-conformance --coverage`; a test keeps it current. "
          << count
          << " checks and scenarios\n"
             "(variants not counted) cover "
          << requirements_.size()
          << " requirements. The requirements are paraphrased: the\n"
             "source is authoritative. Names that begin with `contract.` are checks of any OCF "
             "agent\n"
             "([contract.md](contract.md)); the others are scenarios of Kamailio\n"
             "([scenarios.md](scenarios.md)).\n";
    const std::string* source = nullptr;
    for (const auto& requirement : requirements_) {
      if (source == nullptr || *source != requirement.source) {
        source = &requirement.source;
        text_ << "\n## " << *source
              << "\n\n| requirement | section | text | covered by |\n| --- | --- | --- | --- |\n";
      }
      write(requirement);
    }
    write_untested();
    return {.text = text_.str(), .wrong = wrong_};
  }

 private:
  void write(const Requirement& requirement) {
    const auto asked = asked_.find(requirement.id);
    if ((asked == asked_.end()) == requirement.untested.empty()) {
      wrong_.push_back(requirement.id +
                       (asked == asked_.end()
                            ? ": no check covers it, and it has no `untested` reason"
                            : ": a check covers it, but it has an `untested` reason"));
    }
    text_ << "| " << requirement.id << " | " << cell(requirement.section) << " | "
          << word(requirement.level) << ": " << cell(requirement.says) << " | ";
    if (asked == asked_.end()) {
      text_ << "not tested, see below";
    } else {
      for (std::size_t i = 0; i < asked->second.size(); ++i) {
        text_ << (i == 0 ? "" : ", ") << '`' << asked->second[i] << '`';
      }
    }
    text_ << " |\n";
  }

  void write_untested() {
    text_ << "\n## Deliberately not tested\n\n"
             "Requirements on the resource manager are Pacemaker's and are not listed. Of those on "
             "an agent:\n\n";
    for (const auto& requirement : requirements_) {
      if (!requirement.untested.empty()) {
        text_ << "- " << requirement.id << ": " << requirement.untested << "\n";
      }
    }
  }

  const std::vector<Requirement>& requirements_;
  std::map<std::string, std::vector<std::string>> asked_;
  std::ostringstream text_;
  std::vector<std::string> wrong_;
};

}  // namespace

Coverage coverage_of(const std::vector<Requirement>& requirements,
                     const std::vector<Question>& questions) {
  return CoverageWriter(requirements, questions).write(questions.size());
}

}  // namespace conformance
