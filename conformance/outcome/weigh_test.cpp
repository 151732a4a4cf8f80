#include "conformance/outcome/weigh.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace conformance {
namespace {

using Verdict = Outcome::Verdict;
using Level = Requirement::Level;

Verdict weighed(const std::vector<std::string>& rests_on, bool strict, Verdict verdict) {
  Run run{.requirements = {{.id = "must", .level = Level::must},
                           {.id = "should", .level = Level::should},
                           {.id = "may", .level = Level::may}},
          .outcomes = {{.question = {.rests_on = rests_on}, .verdict = verdict}}};
  weigh(run, strict);
  return run.outcomes.front().verdict;
}

TEST(WeighTest, WhatOnlyShouldBeIsAWarning) {
  EXPECT_EQ(weighed({"should", "may"}, false, Verdict::failed), Verdict::warned);
  EXPECT_EQ(weighed({"should", "must"}, false, Verdict::failed), Verdict::failed);
}

TEST(WeighTest, StrictlyItHasToBe) {
  EXPECT_EQ(weighed({"should"}, true, Verdict::failed), Verdict::failed);
  EXPECT_EQ(weighed({"should"}, true, Verdict::warned), Verdict::failed);
}

TEST(WeighTest, WhatHoldsOrDoesNotFitStaysSo) {
  EXPECT_EQ(weighed({"should"}, true, Verdict::passed), Verdict::passed);
  EXPECT_EQ(weighed({"should"}, true, Verdict::skipped), Verdict::skipped);
}

TEST(WeighTest, WhatCouldNotBeAskedHasFailed) {
  conformance::Run run{
      .requirements = {{.id = "should", .level = Level::should}},
      .outcomes = {
          {.question = {.rests_on = {"should"}}, .verdict = Verdict::failed, .was_asked = false}}};
  weigh(run, false);
  EXPECT_EQ(run.outcomes.front().verdict, Verdict::failed);
}

}  // namespace
}  // namespace conformance
