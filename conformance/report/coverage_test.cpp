#include "conformance/report/coverage.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Requirement requirement(const std::string& id, const std::string& untested = "") {
  return {.id = id, .source = "S", .section = "a|b", .says = "so", .untested = untested};
}

TEST(CoverageTest, ARequirementNamesTheQuestionsThatRestOnIt) {
  const auto coverage = coverage_of(
      {requirement("r")}, {{.name = "one", .rests_on = {"r"}}, {.name = "two", .rests_on = {"r"}}});
  EXPECT_THAT(coverage.wrong, IsEmpty());
  EXPECT_THAT(coverage.text, HasSubstr("| r | a\\|b | MUST: so | `one`, `two` |"));
}

TEST(CoverageTest, ARequirementThatNobodyAsksSaysWhy) {
  EXPECT_THAT(coverage_of({requirement("r")}, {}).wrong,
              ElementsAre("r: nothing asks it, and no `untested` says why"));
  const auto coverage = coverage_of({requirement("r", "it is no promise")}, {});
  EXPECT_THAT(coverage.wrong, IsEmpty());
  EXPECT_THAT(coverage.text, HasSubstr("- r: it is no promise\n"));
}

TEST(CoverageTest, AReasonThatIsOutlivedIsWrong) {
  EXPECT_THAT(coverage_of({requirement("r", "why")}, {{.name = "one", .rests_on = {"r"}}}).wrong,
              ElementsAre("r: is asked, though `untested` says why not"));
}

}  // namespace
}  // namespace conformance
