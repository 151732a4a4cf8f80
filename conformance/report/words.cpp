#include "conformance/report/words.h"

#include <algorithm>
#include <chrono>
#include <iomanip>
#include <sstream>

namespace conformance {

std::string_view word(Outcome::Verdict verdict) {
  switch (verdict) {
    case Outcome::Verdict::passed:
      return "passed";
    case Outcome::Verdict::failed:
      return "failed";
    case Outcome::Verdict::warned:
      return "warned";
    case Outcome::Verdict::broken:
      return "broken";
    case Outcome::Verdict::skipped:
      return "skipped";
  }
  return "";
}

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

std::string seconds(host::Duration duration) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(3) << std::chrono::duration<double>(duration).count()
       << " s";
  return text.str();
}

std::string step_of(const Finding& finding) {
  return finding.step.empty() ? "at the end" : finding.step;
}

std::string where(const Finding& finding) {
  const auto step = step_of(finding);
  return finding.line == 0 ? step : "line " + std::to_string(finding.line) + ", " + step;
}

std::string ids_of(const Question& question) {
  std::string ids;
  for (const auto& id : question.rests_on) {
    ids += (ids.empty() ? "" : ", ") + id;
  }
  return ids;
}

const Requirement* find_requirement(const Run& run, std::string_view id) {
  const auto found = std::ranges::find(run.requirements, id, &Requirement::id);
  return found == run.requirements.end() ? nullptr : &*found;
}

std::string requirement_line(const Run& run, const std::string& id) {
  const auto* const requirement = find_requirement(run, id);
  if (requirement == nullptr) {
    return id;
  }
  return id + " (" + requirement->source + ", " +
         (requirement->section.empty() ? "" : requirement->section + ", ") +
         std::string(word(requirement->level)) + "): " + requirement->says;
}

void Sum::add(Outcome::Verdict verdict) {
  switch (verdict) {
    case Outcome::Verdict::passed:
      ++passed;
      break;
    case Outcome::Verdict::failed:
      ++failed;
      break;
    case Outcome::Verdict::warned:
      ++warned;
      break;
    case Outcome::Verdict::broken:
      ++broken;
      break;
    case Outcome::Verdict::skipped:
      ++skipped;
      break;
  }
}

std::size_t Sum::of(Outcome::Verdict verdict) const {
  switch (verdict) {
    case Outcome::Verdict::passed:
      return passed;
    case Outcome::Verdict::failed:
      return failed;
    case Outcome::Verdict::warned:
      return warned;
    case Outcome::Verdict::broken:
      return broken;
    case Outcome::Verdict::skipped:
      return skipped;
  }
  return 0;
}

Sum sum_of(const Run& run) {
  Sum sum;
  for (const auto& outcome : run.outcomes) {
    sum.add(outcome.verdict);
  }
  return sum;
}

std::string sum_text(const Sum& sum) {
  std::string text =
      std::to_string(sum.passed) + " passed, " + std::to_string(sum.failed) + " failed";
  if (sum.broken > 0) {
    text += ", " + std::to_string(sum.broken) + " broken";
  }
  if (sum.warned > 0) {
    text += ", " + std::to_string(sum.warned) + " warned";
  }
  if (sum.skipped > 0) {
    text += ", " + std::to_string(sum.skipped) + " skipped";
  }
  return text;
}

}  // namespace conformance
