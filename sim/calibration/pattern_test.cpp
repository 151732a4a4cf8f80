#include "sim/calibration/pattern.h"

#include <gtest/gtest.h>

namespace calibration {
namespace {

TEST(Pattern, StandsForItselfWithoutAStar) {
  EXPECT_TRUE(matches("exit 255", "exit 255"));
  EXPECT_FALSE(matches("exit 255", "exit 2550"));
  EXPECT_FALSE(matches("exit 255", ""));
}

TEST(Pattern, TakesAnyTextForAStar) {
  EXPECT_TRUE(matches("*ERROR: bind(*): in use", " 0(12) ERROR: bind(5): in use"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("a**b", "ab"));
  EXPECT_FALSE(matches("*ERROR*use", "ERROR: in use by another"));
}

TEST(Pattern, DoesNotTakeTheSameTextTwice) {
  EXPECT_FALSE(matches("ab*ba", "aba"));
  EXPECT_TRUE(matches("ab*ba", "abba"));
  EXPECT_FALSE(matches("*x*x", "x"));
}

TEST(Pattern, TakesAnEscapedStarForAStar) {
  EXPECT_TRUE(matches(R"(\*\\)", R"(*\)"));
  EXPECT_FALSE(matches(R"(\*)", "anything"));
}

TEST(Pattern, OfATextMatchesThatTextAlone) {
  const std::string text = R"(** reply \ received **)";
  EXPECT_TRUE(matches(literally(text), text));
  EXPECT_FALSE(matches(literally(text), text + "!"));
  EXPECT_FALSE(matches(literally("*"), "x"));
}

TEST(Patterns, MatchLinesInTheirOrderWithOthersBetween) {
  EXPECT_EQ(first_without_line({"a*", "b*"}, {"x", "a1", "y", "b1"}), std::nullopt);
  EXPECT_EQ(first_without_line({"a*", "b*"}, {"b1", "a1"}), 1U);
  EXPECT_EQ(first_without_line({"a*", "a*"}, {"a1"}), 1U);
  EXPECT_EQ(first_without_line({}, {}), std::nullopt);
}

}  // namespace
}  // namespace calibration
