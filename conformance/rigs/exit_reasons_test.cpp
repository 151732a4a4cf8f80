// Verifies that docs/exit-reasons.md contains all of the agent's exit reasons.

#include "agent/kamailio/reasons.h"
#include "agent/kamailio/spec.h"
#include "conformance/rigs/simulated.h"
#include "conformance/scenario/fit.h"
#include "conformance/scenario/suite.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

namespace conformance {
namespace {

// The words of the table occur in the reason, in their order.
bool has_words_of(std::string_view reason, std::string_view text) {
  bool has_letters = false;
  while (!text.empty()) {
    const auto words = text.substr(0, text.find('{'));
    const auto found = reason.find(words);
    if (found == std::string_view::npos) {
      return false;
    }
    has_letters |= std::ranges::any_of(words, [](unsigned char c) { return std::isalpha(c) != 0; });
    reason.remove_prefix(found + words.size());
    text.remove_prefix(std::min(text.find('}', words.size()), text.size() - 1) + 1);
  }
  return has_letters;
}

bool is_in_table(std::string_view reason) {
  // "NAME=VALUE: ALLOWED VALUES", and others of this form.
  const auto& parameters = kamailio::agent_spec().parameters;
  return std::ranges::any_of(kamailio::reason_table,
                             [&](const auto& entry) { return has_words_of(reason, entry.text); }) ||
         std::ranges::any_of(parameters, [&](const auto& parameter) {
           return reason.starts_with(parameter.name + "=");
         });
}

TEST(TheTableOfExitReasons, HasWhatTheAgentSaysInEveryScenario) {
  const auto suite = read_suite(FIXTURES);
  ASSERT_TRUE(suite) << suite.error();
  std::size_t seen = 0;
  for (const auto& scenario : suite->scenarios) {
    if (!why_not_simulated(scenario).empty()) {
      continue;
    }
    for (const auto& step : play_simulated(scenario).steps) {
      for (const auto& reason : step.call ? step.call->reasons : std::vector<std::string>()) {
        ++seen;
        EXPECT_TRUE(is_in_table(reason)) << scenario.id << ": " << reason;
      }
    }
  }
  EXPECT_GT(seen, 100U);
  EXPECT_FALSE(is_in_table("something else"));
}

}  // namespace
}  // namespace conformance
