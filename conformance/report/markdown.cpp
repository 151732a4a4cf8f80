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

// "stop-twice" of "stop-twice/5s/sipsak"; a check of the contract has no variants.
std::string id_of(const std::string& name) { return name.substr(0, name.find('/')); }

// All that came of one question and does not hold.
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
  // Ticks within need more of them around.
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
    text_ << "Asked by\n\n    " << plain_line(run_.command) << "\n\n";
    write_sums();
    write_cases(Verdict::broken, "What could not be asked");
    write_cases(Verdict::failed, "What has to hold and does not");
    write_cases(Verdict::warned, "What should hold and does not");
    return text_.str();
  }

 private:
  void write_sums() {
    text_ << "| rig | failed | warned | passed | does not fit |\n| --- | --- | --- | --- | --- |\n";
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
          << plain_line(question.claim) << ". Rests on " << ids_of(question)
          << ".\n\nDoes not hold: ";
    for (std::size_t i = 0; i < each.places.size(); ++i) {
      text_ << (i == 0 ? "" : ", ") << each.places[i];
    }
    text_ << ". The first:\n\n";
    for (const auto& finding : each.first->findings) {
      text_ << "- " << code(step_of(finding)) << ": " << plain_line(finding.rule) << ": expected "
            << code(finding.expected) << ", seen " << code(finding.seen)
            << (finding.consequence.empty() ? "" : "; " + plain_line(finding.consequence)) << "\n";
    }
    if (!each.first->timeline.empty()) {
      text_ << "\nWhat happened:\n\n";
      for (const auto& [at, who, what] : each.first->timeline) {
        if (who == "agent") {
          continue;  // what it logs is long, and not what has to be repeated
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

// In a cell of a table.
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
    text_ << "# What the conformance suite asks\n"
             "\n"
             "Made by `ocf-conformance --coverage`; a test compares the two. "
          << count
          << " questions, variants of\n"
             "one counted once, rest on "
          << requirements_.size()
          << " requirements. What a requirement says is told in our words; its\n"
             "source has the last word. A name that begins with `contract.` is a check of any OCF "
             "agent\n"
             "([contract.md](contract.md)), each other a scenario of Kamailio\n"
             "([scenarios.md](scenarios.md)).\n";
    const std::string* source = nullptr;
    for (const auto& requirement : requirements_) {
      if (source == nullptr || *source != requirement.source) {
        source = &requirement.source;
        text_ << "\n## " << *source
              << "\n\n| requirement | section | says | asked by |\n| --- | --- | --- | --- |\n";
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
      wrong_.push_back(requirement.id + (asked == asked_.end()
                                             ? ": nothing asks it, and no `untested` says why"
                                             : ": is asked, though `untested` says why not"));
    }
    text_ << "| " << requirement.id << " | " << cell(requirement.section) << " | "
          << word(requirement.level) << ": " << cell(requirement.says) << " | ";
    if (asked == asked_.end()) {
      text_ << "nobody, see below";
    } else {
      for (std::size_t i = 0; i < asked->second.size(); ++i) {
        text_ << (i == 0 ? "" : ", ") << '`' << asked->second[i] << '`';
      }
    }
    text_ << " |\n";
  }

  void write_untested() {
    text_
        << "\n## Deliberately not tested\n\n"
           "What a manager of resources has to do is Pacemaker's matter and stands nowhere above. "
           "Of what an agent\nhas to do:\n\n";
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
