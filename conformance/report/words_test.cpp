#include "conformance/report/words.h"

#include <gtest/gtest.h>

#include <string>

namespace conformance {
namespace {

TEST(PlainTest, LeavesOrdinaryTextAlone) {
  const std::string text = "Grüße, 世界 \xf0\x9f\x98\x80\n\tend ~";
  EXPECT_EQ(plain(text), text);
}

TEST(PlainTest, ShowsControlCharactersByTheirPictures) {
  EXPECT_EQ(plain("\x1b[31m"), "\u241B[31m");
  EXPECT_EQ(plain(std::string("a\0b\r\x7f", 5)), "a\u2400b\u240D\u2421");
}

TEST(PlainTest, ShowsBytesThatAreNoUtf8AsReplacements) {
  EXPECT_EQ(plain("a\xff\xfez"), "a\uFFFD\uFFFDz");
  EXPECT_EQ(plain("cut off \xe4\xb8"), "cut off \uFFFD\uFFFD");
  EXPECT_EQ(plain("overlong \xc0\xaf \xe0\x80\xaf"), "overlong \uFFFD\uFFFD \uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(plain("a surrogate \xed\xa0\x80"), "a surrogate \uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(plain("too far \xf4\x90\x80\x80"), "too far \uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST(PlainTest, ShowsWhatXmlCannotHoldAsReplacements) {
  EXPECT_EQ(plain("\xef\xbf\xbe \xef\xbf\xbf \xc2\x85"), "\uFFFD \uFFFD \uFFFD");
}

TEST(PlainTest, LetsNoTextTurnTheDirectionOfTheTextAroundIt) {
  EXPECT_EQ(plain("exe\u202Egnp\u202C"), "exe\uFFFDgnp\uFFFD");
  EXPECT_EQ(plain("exe\u2067gnp\u2069"), "exe\uFFFDgnp\uFFFD");
  EXPECT_EQ(plain("\u2026 \u2060"), "\u2026 \u2060");
}

TEST(PlainTest, MakesOneLineOfSeveral) {
  EXPECT_EQ(plain_line(" two\n  lines\t\n"), "two lines");
  EXPECT_EQ(plain_line(""), "");
}

TEST(PlainTest, CutsBetweenCharactersAndSaysHowMuch) {
  EXPECT_EQ(cut("世界世界", 4), "世界世界");
  EXPECT_EQ(cut("世界世界", 1), "世... and 3 more characters");
  EXPECT_EQ(length("世界"), 2U);
  EXPECT_EQ(head("世界", 0), "");
}

}  // namespace
}  // namespace conformance
