#include "agent/sip/headers.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sip {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

Fields fields_of(std::string_view text, std::string* rest = nullptr) {
  HeaderReader reader(text);
  Fields fields;
  while (const auto field = reader.next()) {
    fields.emplace_back(field->name, field->value);
  }
  if (rest != nullptr) {
    *rest = reader.rest();
  }
  return fields;
}

TEST(HeaderReaderTest, ReadsFieldsUntilTheEmptyLine) {
  std::string rest;
  EXPECT_EQ(fields_of("Via: a\r\nCSeq: 1 OPTIONS\r\n\r\nbody: no", &rest),
            (Fields{{"via", "a"}, {"cseq", "1 OPTIONS"}}));
  EXPECT_EQ(rest, "body: no");
}

TEST(HeaderReaderTest, ReadsFieldsUntilTheEndWithoutAnEmptyLine) {
  EXPECT_EQ(fields_of("Via: a\r\nCSeq: 1"), (Fields{{"via", "a"}, {"cseq", "1"}}));
}

TEST(HeaderReaderTest, TakesABareLineFeedForALineEnd) {
  std::string rest;
  EXPECT_EQ(fields_of("Via: a\nCSeq: 1\n\nbody", &rest), (Fields{{"via", "a"}, {"cseq", "1"}}));
  EXPECT_EQ(rest, "body");
}

TEST(HeaderReaderTest, UnfoldsLines) {
  EXPECT_EQ(fields_of("Via: a\r\n ;b\r\n\t;c\r\nX: y\r\n"),
            (Fields{{"via", "a ;b ;c"}, {"x", "y"}}));
}

TEST(HeaderReaderTest, KnowsNamesInAnyCaseAndCompactForm) {
  EXPECT_EQ(fields_of("vIa  :  a  \r\nv:b\r\nL: 0\r\nCONTENT-length:1\r\n"),
            (Fields{{"via", "a"}, {"via", "b"}, {"content-length", "0"}, {"content-length", "1"}}));
}

TEST(HeaderReaderTest, ReadsAnEmptyValue) {
  EXPECT_EQ(fields_of("Subject:\r\ns :\r\n"), (Fields{{"subject", ""}, {"s", ""}}));
}

TEST(HeaderReaderTest, SkipsALineThatIsNoField) {
  EXPECT_EQ(fields_of("nonsense\r\nVia: a\r\n"), (Fields{{"", ""}, {"via", "a"}}));
}

TEST(TakeUntilTest, PassesOverQuotesAndComments) {
  std::string_view text = R"("a,b\"c,d" (e,(f),g\),) h,rest,more)";
  EXPECT_EQ(take_until(',', text), R"("a,b\"c,d" (e,(f),g\),) h)");
  EXPECT_EQ(take_until(',', text), "rest");
  EXPECT_EQ(take_until(',', text), "more");
  EXPECT_EQ(text, "");
}

TEST(TakeUntilTest, TakesAllOfAnUnclosedQuote) {
  std::string_view text = "\"a,b";
  EXPECT_EQ(take_until(',', text), "\"a,b");
  EXPECT_EQ(text, "");
  text = R"("ends in a backslash\)";
  EXPECT_EQ(take_until(',', text), R"("ends in a backslash\)");
  EXPECT_EQ(text, "");
}

TEST(NumberTest, IsDigitsUpToTheLimit) {
  EXPECT_EQ(number("0", 10), 0U);
  EXPECT_EQ(number("0009", 10), 9U);
  EXPECT_EQ(number("10", 10), 10U);
  for (const auto* text :
       {"", "11", "-1", "+1", " 1", "1 ", "1a", "0x1", "99999999999999999999999"}) {
    EXPECT_EQ(number(text, 10), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace sip
