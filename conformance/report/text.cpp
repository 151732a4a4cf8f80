#include "conformance/report/text.h"

#include <chrono>
#include <iomanip>
#include <sstream>

namespace conformance {

std::string failure_text(const Scenario& scenario, const std::vector<Finding>& findings) {
  std::ostringstream text;
  text << "FAILED " << scenario.name() << "\n  " << scenario.claim << "\n  " << scenario.file << ':'
       << scenario.place.line << ", rests on ";
  for (std::size_t i = 0; i < scenario.rests_on.size(); ++i) {
    text << (i == 0 ? "" : ", ") << scenario.rests_on[i];
  }
  text << '\n';
  for (const auto& finding : findings) {
    text << "  " << (finding.step.empty() ? "at the end" : finding.step) << ": " << finding.rule
         << "\n    expected: " << finding.expected << "\n    seen:     " << finding.seen << '\n';
    if (!finding.consequence.empty()) {
      text << "    then:     " << finding.consequence << '\n';
    }
  }
  return text.str();
}

std::string timeline_text(const Scenario& scenario, const Evidence& evidence) {
  std::ostringstream text;
  text << scenario.name() << ": " << scenario.claim << '\n';
  for (const auto& [at, who, what] : evidence.timeline) {
    text << std::fixed << std::setprecision(3) << std::setw(10)
         << std::chrono::duration<double>(at).count() << " s  " << std::left << std::setw(15) << who
         << std::right << "  " << what << '\n';
  }
  return text.str();
}

}  // namespace conformance
