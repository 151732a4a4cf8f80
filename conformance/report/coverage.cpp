#include "conformance/report/coverage.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <string_view>

namespace conformance {
namespace {

std::string_view word(Requirement::Level level) {
  switch (level) {
    case Requirement::Level::must:
      return "MUST";
    case Requirement::Level::should:
      return "SHOULD";
    case Requirement::Level::may:
      return "MAY";
  }
  return "";
}

// In a cell of a table.
std::string cell(std::string text) {
  for (auto bar = text.find('|'); bar != std::string::npos; bar = text.find('|', bar + 2)) {
    text.insert(bar, "\\");
  }
  return text;
}

class Writer {
 public:
  Writer(const std::vector<Requirement>& requirements, const std::vector<Question>& questions)
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
  return Writer(requirements, questions).write(questions.size());
}

}  // namespace conformance
