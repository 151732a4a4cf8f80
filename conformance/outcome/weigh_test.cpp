#include "conformance/outcome/weigh.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace conformance {
namespace {

using Verdict = Outcome::Verdict;
using Level = Requirement::Level;

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

TEST(WeighTest, WhatCouldNotBeAskedIsNoWarning) {
  EXPECT_EQ(weighed({"should"}, Strictness::usual, Verdict::broken), Verdict::broken);
}

}  // namespace
}  // namespace conformance
