#include "sim/actors/kamailio_arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// As Kamailio 5.6.3 takes them.

namespace sim {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(KamailioArguments, PassOverWordsThatAreNoOptions) {
  const auto parsed = parse_kamailio_arguments(
      {"kamailio", "-c", "more", "-f", "/k.cfg", ";", "touch", "-", "-A", "X=1", "words"});
  EXPECT_THAT(parsed.refusal, IsEmpty());
  EXPECT_TRUE(parsed.only_checks);
  EXPECT_EQ(parsed.config, "/k.cfg");
  EXPECT_THAT(parsed.defines, ElementsAre("X=1"));
}

TEST(KamailioArguments, AreRefusedIfAnOptionIsUnknownOrIncomplete) {
  EXPECT_THAT(parse_kamailio_arguments({"kamailio", "-z"}).refusal, HasSubstr("'-z'"));
  EXPECT_THAT(parse_kamailio_arguments({"kamailio", "-P"}).refusal, HasSubstr("'-P'"));
}

}  // namespace
}  // namespace sim
