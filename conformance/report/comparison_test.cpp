#include "conformance/report/comparison.h"

#include "conformance/report/testing/sample_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conformance {
namespace {

using ::testing::ElementsAre;
using Verdict = Outcome::Verdict;

TEST(ComparisonTest, HasARowForEachQuestionAndAColumnForEachRig) {
  const auto run = testing::sample_run();
  const auto comparison = compare(run);
  EXPECT_THAT(comparison.rigs, ElementsAre("simulated", "fakes", "live"));
  ASSERT_EQ(comparison.rows.size(), 4U);
  EXPECT_EQ(comparison.rows[0].question->name, "stop-of-orphans/builtin");
  EXPECT_EQ(comparison.rows[0].outcomes[1]->verdict, Verdict::failed);
  EXPECT_EQ(comparison.rows[0].outcomes[2], nullptr);
}

TEST(ComparisonTest, MarksWhatRigsAnswerDifferently) {
  const auto run = testing::sample_run();
  const auto comparison = compare(run);
  EXPECT_TRUE(differs(comparison.rows[0]));
  EXPECT_FALSE(differs(comparison.rows[1]));
}

TEST(ComparisonTest, TakesNoSkipForAnAnswer) {
  const Outcome passed{.question = {}, .rig = "simulated"};
  const Outcome skipped{.question = {}, .rig = "live", .verdict = Verdict::skipped};
  EXPECT_FALSE(differs({.outcomes = {&passed, &skipped, nullptr}}));
}

TEST(ComparisonTest, MarksOtherAnswersThatAreAllRight) {
  const Outcome one{.rig = "simulated", .answers = {"monitor one: not running"}};
  const Outcome other{.rig = "live", .answers = {"monitor one: not installed"}};
  EXPECT_TRUE(differs({.outcomes = {&one, &other}}));
  EXPECT_THAT(
      different_answers({.outcomes = {&one, nullptr, &other}}),
      ElementsAre("simulated: monitor one: not running", "live: monitor one: not installed"));
  EXPECT_FALSE(differs({.outcomes = {&one, &one}}));
}

TEST(ComparisonTest, HasNothingOfAnEmptyRun) {
  EXPECT_TRUE(compare(conformance::Run{}).rows.empty());
  EXPECT_TRUE(compare(conformance::Run{}).rigs.empty());
}

}  // namespace
}  // namespace conformance
