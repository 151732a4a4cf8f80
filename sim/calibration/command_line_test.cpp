#include "sim/calibration/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace calibration {
namespace {

using ::testing::ElementsAre;

TEST(CommandLine, HasACommandFilesAndOptionsInAnyOrder) {
  const auto line = parse({"record", "a.yaml", "--only", "x", "--stdout", "b.yaml", "--quick"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->command, Command::record);
  EXPECT_THAT(line->files, ElementsAre("a.yaml", "b.yaml"));
  EXPECT_THAT(line->only, ElementsAre("x"));
  EXPECT_TRUE(line->is_quick);
  EXPECT_TRUE(line->prints);
}

TEST(CommandLine, OfPlayIsAFileAndAnId) {
  const auto line = parse({"play", "a.yaml", "x"});
  ASSERT_TRUE(line);
  EXPECT_THAT(line->files, ElementsAre("a.yaml"));
  EXPECT_THAT(line->only, ElementsAre("x"));
  EXPECT_FALSE(parse({"play", "a.yaml"}));
}

TEST(CommandLine, MayNameOtherPrograms) {
  const auto line = parse({"check", "a.yaml", "--program", "sipsak=/tmp/fake=1"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->programs.at("sipsak"), "/tmp/fake=1");
  EXPECT_EQ(line->programs.at("kamailio"), "/usr/sbin/kamailio");
  EXPECT_FALSE(parse({"check", "a.yaml", "--program", "bash=/bin/bash"}));
  EXPECT_FALSE(parse({"check", "a.yaml", "--program", "sipsak"}));
}

TEST(CommandLine, OfACheckMayNameExceptions) {
  const auto line = parse({"check", "a.yaml", "--exceptions", "e.yaml"});
  ASSERT_TRUE(line);
  EXPECT_EQ(line->exceptions, "e.yaml");
  EXPECT_FALSE(parse({"record", "a.yaml", "--exceptions", "e.yaml"}));
}

TEST(CommandLine, IsWrongWithoutFilesOrWithUnknownWords) {
  EXPECT_FALSE(parse({}));
  EXPECT_FALSE(parse({"check"}));
  EXPECT_FALSE(parse({"paint", "a.yaml"}));
  EXPECT_FALSE(parse({"check", "--colour", "a.yaml"}));
  EXPECT_FALSE(parse({"check", "--stdout", "a.yaml"}));
  EXPECT_FALSE(parse({"check", "a.yaml", "--only"}));
}

}  // namespace
}  // namespace calibration
