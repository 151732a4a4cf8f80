#include "conformance/outcome/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

namespace conformance {
namespace {

using Level = Requirement::Level;
using Verdict = Outcome::Verdict;

Verdict weighed(const std::vector<std::string>& rests_on, Strictness strictness, Verdict verdict) {
  Run run{.requirements = {{.id = "must", .level = Level::must},
                           {.id = "should", .level = Level::should},
                           {.id = "may", .level = Level::may}},
          .outcomes = {{.question = {.rests_on = rests_on}, .verdict = verdict}}};
  weigh(run, strictness);
  return run.outcomes.front().verdict;
}

TEST(WeighTest, WhatOnlyShouldBeIsAWarning) {
  EXPECT_EQ(weighed({"should", "may"}, Strictness::usual, Verdict::failed), Verdict::warned);
  EXPECT_EQ(weighed({"should", "must"}, Strictness::usual, Verdict::failed), Verdict::failed);
}

TEST(WeighTest, StrictlyItHasToBe) {
  EXPECT_EQ(weighed({"should"}, Strictness::strict, Verdict::failed), Verdict::failed);
  EXPECT_EQ(weighed({"should"}, Strictness::strict, Verdict::warned), Verdict::failed);
}

TEST(WeighTest, WhatHoldsOrDoesNotFitStaysSo) {
  EXPECT_EQ(weighed({"should"}, Strictness::strict, Verdict::passed), Verdict::passed);
  EXPECT_EQ(weighed({"should"}, Strictness::strict, Verdict::skipped), Verdict::skipped);
}

TEST(WeighTest, ARecordingRestsOnNoRequirementAndFails) {
  EXPECT_EQ(weighed({}, Strictness::usual, Verdict::failed), Verdict::failed);
}

TEST(WeighTest, WhatCouldNotBeAskedIsNoWarning) {
  EXPECT_EQ(weighed({"should"}, Strictness::usual, Verdict::broken), Verdict::broken);
}

TEST(OutcomeJsonTest, AllArrives) {
  const Outcome sent{
      .rig = "fakes",
      .verdict = Outcome::Verdict::warned,
      .reason = "why",
      .answers = {"start one: success"},
      .findings = {{.rule = "r", .step = "s", .expected = "e", .seen = "\"\n", .consequence = "c"}},
      .correction = Correction{.begin = 3, .end = 5, .text = "exit: 0\n"},
      .timeline = {{.at = std::chrono::hours(400), .who = "w", .what = "\xe4\x01"}},
      .took = std::chrono::nanoseconds(7)};
  const auto got = outcome_from(json_of(sent));
  EXPECT_EQ(got.rig, sent.rig);
  EXPECT_EQ(got.verdict, sent.verdict);
  EXPECT_EQ(got.reason, sent.reason);
  EXPECT_EQ(got.answers, sent.answers);
  EXPECT_EQ(got.correction, sent.correction);
  ASSERT_EQ(got.findings.size(), 1U);
  EXPECT_EQ(got.findings[0].rule + got.findings[0].step + got.findings[0].expected +
                got.findings[0].seen + got.findings[0].consequence,
            "rse\"\nc");
  ASSERT_EQ(got.timeline.size(), 1U);
  EXPECT_EQ(got.timeline[0].at, sent.timeline[0].at);
  EXPECT_EQ(got.timeline[0].what, "\xef\xbf\xbd\x01") << "no UTF-8 becomes U+FFFD";
  EXPECT_EQ(got.took, sent.took);
}

TEST(OutcomeJsonTest, WhatIsNoOutcomeIsRefused) {
  EXPECT_THROW((void)outcome_from("{"), std::runtime_error);
  EXPECT_THROW((void)outcome_from("{}"), std::runtime_error);
  EXPECT_THROW((void)outcome_from("[]"), std::runtime_error);
}

}  // namespace
}  // namespace conformance
