#include "agent/kamailio/accepted_replies.h"

#include <gtest/gtest.h>

#include <string>

namespace kamailio {
namespace {

TEST(AcceptedRepliesTest, AreCodesAndClasses) {
  const auto accepted = parse_accepted_replies("200, 4XX ,503");
  ASSERT_TRUE(accepted);
  for (const int status : {200, 400, 404, 499, 503}) {
    EXPECT_TRUE(accepted->contain(status)) << status;
  }
  for (const int status : {0, 100, 199, 201, 399, 500, 502, 504, 603}) {
    EXPECT_FALSE(accepted->contain(status)) << status;
  }
  EXPECT_EQ(accepted->text, "a 200, 4XX ,503 reply");
}

TEST(AcceptedRepliesTest, MayBeAnyFinalResponse) {
  const auto accepted = parse_accepted_replies(" any ");
  ASSERT_TRUE(accepted);
  for (const int status : {200, 302, 401, 404, 407, 503, 699}) {
    EXPECT_TRUE(accepted->contain(status)) << status;
  }
  for (const int status : {0, 100, 183, 199, 700}) {
    EXPECT_FALSE(accepted->contain(status)) << status;
  }
  EXPECT_FALSE(parse_accepted_replies("any,404"));
}

TEST(AcceptedRepliesTest, KnowWhetherAnyOfAClassIsAmongThem) {
  EXPECT_TRUE(parse_accepted_replies("302")->overlap(300, 399));
  EXPECT_TRUE(parse_accepted_replies("any")->overlap(300, 399));
  EXPECT_FALSE(parse_accepted_replies("2xx,400")->overlap(300, 399));
}

TEST(AcceptedRepliesTest, HaveTheLimitsOfFinalResponses) {
  EXPECT_TRUE(parse_accepted_replies("2xx,6xx,699"));
  for (const auto* text :
       {"1xx", "199", "700", "7xx", "0xx", "0200", "xxx", "20x", "2x0", "-200"}) {
    EXPECT_FALSE(parse_accepted_replies(text)) << text;
  }
}

TEST(AcceptedRepliesTest, NameAtLeastOne) {
  for (const auto* text : {"", " ", ",", "200,", ",200", "200,,404"}) {
    EXPECT_FALSE(parse_accepted_replies(text)) << text;
  }
}

}  // namespace
}  // namespace kamailio
