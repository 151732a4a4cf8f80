#include "conformance/report/markdown.h"

#include "conformance/report/comparison.h"
#include "conformance/report/plain.h"
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

}  // namespace conformance
