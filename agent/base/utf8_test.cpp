#include "agent/base/utf8.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace base {
namespace {

TEST(FirstCharacter, HasOneToFourBytes) {
  EXPECT_EQ(first_character(std::string_view("\0", 1)), (Character{.code = 0, .size = 1}));
  EXPECT_EQ(first_character("ab"), (Character{.code = 'a', .size = 1}));
  EXPECT_EQ(first_character("\x7F"), (Character{.code = 0x7F, .size = 1}));
  EXPECT_EQ(first_character("\xC2\x80"), (Character{.code = 0x80, .size = 2}));
  EXPECT_EQ(first_character("\xDF\xBF"), (Character{.code = 0x7FF, .size = 2}));
  EXPECT_EQ(first_character("\xE0\xA0\x80"), (Character{.code = 0x800, .size = 3}));
  EXPECT_EQ(first_character("\xED\x9F\xBF"), (Character{.code = 0xD7FF, .size = 3}));
  EXPECT_EQ(first_character("\xEE\x80\x80"), (Character{.code = 0xE000, .size = 3}));
  EXPECT_EQ(first_character("\xEF\xBF\xBF"), (Character{.code = 0xFFFF, .size = 3}));
  EXPECT_EQ(first_character("\xF0\x90\x80\x80 and more"), (Character{.code = 0x10000, .size = 4}));
  EXPECT_EQ(first_character("\xF4\x8F\xBF\xBF"), (Character{.code = 0x10FFFF, .size = 4}));
}

TEST(FirstCharacter, IsNoneOfAnEmptyText) { EXPECT_EQ(first_character(""), std::nullopt); }

TEST(FirstCharacter, IsNoOverlongForm) {
  for (const std::string text : {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF",
                                 "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF"}) {
    EXPECT_EQ(first_character(text), std::nullopt) << text;
  }
}

TEST(FirstCharacter, IsNoSurrogateAndNothingBeyondUnicode) {
  for (const std::string text :
       {"\xED\xA0\x80", "\xED\xBF\xBF", "\xF4\x90\x80\x80", "\xF7\xBF\xBF\xBF"}) {
    EXPECT_EQ(first_character(text), std::nullopt) << text;
  }
}

TEST(FirstCharacter, IsNotATruncatedSequence) {
  for (const std::string text : {"\xC2", "\xE2\x82", "\xF0\x90\x80", "\xC2x", "\xE2\x82x",
                                 "\xE2x\x82", "\xF0\x90\x80x", "\xC2\xC2\x80"}) {
    EXPECT_EQ(first_character(text), std::nullopt) << text;
  }
}

TEST(FirstCharacter, BeginsWithNoContinuationAndNoOtherByte) {
  for (unsigned byte = 0x80; byte <= 0xFF; ++byte) {
    if (byte < 0xC2 || byte > 0xF4) {
      const std::string text = std::string(1, static_cast<char>(byte)) + "\x80\x80\x80\x80\x80";
      EXPECT_EQ(first_character(text), std::nullopt) << byte;
    }
  }
}

}  // namespace
}  // namespace base
