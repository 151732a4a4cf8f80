#include "agent/kamailio/parameters.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>

namespace kamailio {
namespace {

using namespace std::chrono_literals;

TEST(ADuration, HasOneOfPacemakersUnits) {
  EXPECT_EQ(parse_duration("20"), 20s);
  EXPECT_EQ(parse_duration("20s"), 20s);
  EXPECT_EQ(parse_duration("20sec"), 20s);
  EXPECT_EQ(parse_duration("1500ms"), 1500ms);
  EXPECT_EQ(parse_duration("2m"), 2min);
  EXPECT_EQ(parse_duration("2min"), 2min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("1hr"), 1h);
}

TEST(ADuration, IsAtLeastAMillisecondAndAtMostADay) {
  EXPECT_EQ(parse_duration("1ms"), 1ms);
  EXPECT_EQ(parse_duration("0"), std::nullopt);
  EXPECT_EQ(parse_duration("0ms"), std::nullopt);
  for (const std::string longest : {"86400000ms", "86400", "1440min", "24h"}) {
    EXPECT_EQ(parse_duration(longest), 24h) << longest;
  }
  for (const std::string too_long :
       {"86400001ms", "86401", "1441min", "25h", "9223372036854775807h", "99999999999999999999"}) {
    EXPECT_EQ(parse_duration(too_long), std::nullopt) << too_long;
  }
}

TEST(ADuration, RejectsOtherText) {
  for (const std::string text : {"", "s", "ms", "-1", "+1", "1.5", "1 s", " 1", "1 ", "1d", "1x",
                                 "1ss", "1s1", "0x10", "P1D"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << "'" << text << "'";
  }
}

}  // namespace
}  // namespace kamailio
