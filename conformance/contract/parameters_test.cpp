#include "conformance/contract/parameters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace contract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

using Parameter = MetaData::Parameter;

Subject subject_with(std::vector<Parameter> parameters,
                     std::map<std::string, std::string> values = {}) {
  Subject subject{.cluster = cluster::Cluster("/nowhere"),
                  .resource = {.name = "one", .parameters = std::move(values)}};
  subject.meta_data.parameters = std::move(parameters);
  return subject;
}

TEST(WrongValues, AreThereForEachTypeThatHasSome) {
  const auto values = wrong_values(subject_with({{.name = "a", .type = "string"},
                                                 {.name = "b", .type = "integer"},
                                                 {.name = "c", .type = "boolean"},
                                                 {.name = "d", .type = "select"}}));
  ASSERT_EQ(values.size(), 3U);
  EXPECT_EQ(values[0].parameter, "b");
  EXPECT_EQ(values[0].value, "twelve");
}

TEST(Programs, AreFoundByValueAndByDefault) {
  EXPECT_THAT(
      programs_among_parameters(subject_with({{.name = "shell"},
                                              {.name = "tool", .default_value = "/bin/sh"},
                                              {.name = "file", .default_value = "/etc/passwd"},
                                              {.name = "none", .default_value = "/nowhere"}},
                                             {{"shell", "/bin/sh"}})),
      ElementsAre("shell", "tool"));
}

TEST(OtherResource, HasAnotherName) {
  const auto other = other_resource(subject_with({}));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->name, "one_2");
}

TEST(OtherResource, HasAnotherValueInEachGroupThatIsUnique) {
  const auto other = other_resource(subject_with(
      {{.name = "ip", .type = "string", .unique_group = "listener"},
       {.name = "port", .type = "integer", .default_value = "5060", .unique_group = "listener"},
       {.name = "number", .type = "integer", .default_value = "7", .unique_group = "number"},
       {.name = "colour", .type = "string", .default_value = "red"}},
      {{"ip", "::1"}}));
  ASSERT_TRUE(other);
  EXPECT_THAT(other->parameters, ElementsAre(Pair("ip", "::1_2"), Pair("number", "8")));
}

TEST(OtherResource, KeepsADefaultThatNamesTheInstance) {
  const auto other = other_resource(subject_with({{.name = "state",
                                                   .type = "string",
                                                   .default_value = "/run/one.state",
                                                   .unique_group = "state"}}));
  ASSERT_TRUE(other);
  EXPECT_THAT(other->parameters, IsEmpty());
}

TEST(OtherResource, IsNoneIfWhatIsUniqueCannotBeVaried) {
  EXPECT_FALSE(other_resource(subject_with(
      {{.name = "mode", .type = "boolean", .default_value = "1", .unique_group = "mode"}})));
}

TEST(OtherResource, IsTheOneThatIsGiven) {
  auto subject = subject_with({});
  subject.other = cluster::Resource{.name = "two"};
  EXPECT_EQ(other_resource(subject)->name, "two");
}

TEST(ReloadedResource, HasAnotherRightValue) {
  const auto strict = reloaded_resource(subject_with(
      {{.name = "strict", .type = "boolean", .default_value = "1", .reloadable = true}}));
  ASSERT_TRUE(strict);
  EXPECT_EQ(strict->parameters.at("strict"), "false");
  const auto colour = reloaded_resource(subject_with({{.name = "colour",
                                                       .type = "select",
                                                       .default_value = "red",
                                                       .options = {"red", "green"},
                                                       .reloadable = true}}));
  ASSERT_TRUE(colour);
  EXPECT_EQ(colour->parameters.at("colour"), "green");
  EXPECT_FALSE(reloaded_resource(subject_with({{.name = "colour", .type = "select"}})));
}

}  // namespace
}  // namespace contract
