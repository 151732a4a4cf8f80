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

}  // namespace
}  // namespace conformance
