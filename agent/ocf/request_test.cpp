#include "agent/ocf/request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace ocf {
namespace {

using Kind = RequestError::Kind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

// The environment in which Pacemaker calls an agent.
host::Environment from_cluster(const host::Environment& more = {}) {
  host::Environment environment = {{"OCF_ROOT", "/usr/lib/ocf"},
                                   {"OCF_RA_VERSION_MAJOR", "1"},
                                   {"OCF_RA_VERSION_MINOR", "1"},
                                   {"OCF_RESOURCE_INSTANCE", "p_kam"}};
  for (const auto& [name, value] : more) {
    environment[name] = value;
  }
  return environment;
}

Request request_of(const host::Environment& more) {
  return parse_request({"monitor"}, from_cluster(more));
}

TEST(ARequest, TakesTheFirstArgumentForTheAction) {
  EXPECT_EQ(parse_request({"start"}, from_cluster()).action, "start");
}

TEST(ARequest, IgnoresFurtherArguments) {
  const auto request = parse_request({"start", "stop", "--help"}, from_cluster());
  EXPECT_EQ(request.action, "start");
  EXPECT_THAT(request.errors, IsEmpty());
}

TEST(ARequest, MayHaveNoAction) { EXPECT_EQ(parse_request({}, from_cluster()).action, ""); }

TEST(ARequest, KnowsItsInstance) { EXPECT_EQ(request_of({}).instance, "p_kam"); }

TEST(ARequest, MayNameACloneInstance) {
  const auto request = request_of({{"OCF_RESOURCE_INSTANCE", "p_kam:1"}});
  EXPECT_EQ(request.instance, "p_kam:1");
  EXPECT_THAT(request.errors, IsEmpty());
}

TEST(ARequest, WithoutAnOcfVersionNeedsNoInstance) {
  const auto request = parse_request({"validate-all"}, {{"OCF_ROOT", "/usr/lib/ocf"}});
  EXPECT_EQ(request.instance, "default");
  EXPECT_THAT(request.errors, IsEmpty());
}

TEST(ARequest, WithAnOcfVersionNeedsAnInstance) {
  for (const auto& environment :
       {host::Environment{{"OCF_RA_VERSION_MAJOR", "1"}},
        host::Environment{{"OCF_RA_VERSION_MAJOR", "1"}, {"OCF_RESOURCE_INSTANCE", ""}}}) {
    EXPECT_THAT(parse_request({"monitor"}, environment).errors,
                ElementsAre(RequestError{.kind = Kind::no_resource_name}));
  }
}

TEST(ARequest, RejectsANameThatLeavesThePidDirectory) {
  for (const std::string name : {"../../etc", "a/b", "/", ".."}) {
    EXPECT_THAT(request_of({{"OCF_RESOURCE_INSTANCE", name}}).errors,
                ElementsAre(RequestError{.kind = Kind::bad_resource_name, .value = name}));
  }
}

TEST(ARequest, RejectsAnotherMajorVersionOfTheApi) {
  EXPECT_THAT(request_of({{"OCF_RA_VERSION_MAJOR", "2"}}).errors,
              ElementsAre(RequestError{.kind = Kind::other_ocf_version, .value = "2"}));
}

TEST(ARequest, AcceptsAnyMinorVersionOfTheApi) {
  EXPECT_THAT(request_of({{"OCF_RA_VERSION_MINOR", "9"}}).errors, IsEmpty());
}

TEST(TheCheckLevel, IsNormalByDefault) {
  EXPECT_EQ(request_of({}).check_level, CheckLevel::normal);
  EXPECT_EQ(request_of({{"OCF_CHECK_LEVEL", ""}}).check_level, CheckLevel::normal);
}

TEST(TheCheckLevel, IsTheNextLowerOneThatIsImplemented) {
  for (const std::string level : {"0", "1", "9"}) {
    EXPECT_EQ(request_of({{"OCF_CHECK_LEVEL", level}}).check_level, CheckLevel::lightest) << level;
  }
  for (const std::string level : {"10", "11", "19"}) {
    EXPECT_EQ(request_of({{"OCF_CHECK_LEVEL", level}}).check_level, CheckLevel::normal) << level;
  }
  for (const std::string level : {"20", "21", "100"}) {
    EXPECT_EQ(request_of({{"OCF_CHECK_LEVEL", level}}).check_level, CheckLevel::deepest) << level;
  }
}

TEST(TheCheckLevel, IsANumber) {
  for (const std::string level : {"deep", "-1", "1.5", "10 "}) {
    EXPECT_THAT(request_of({{"OCF_CHECK_LEVEL", level}}).errors,
                ElementsAre(RequestError{.kind = Kind::bad_check_level, .value = level}));
  }
}

TEST(TheTimeout, IsInMilliseconds) {
  EXPECT_EQ(request_of({{"OCF_RESKEY_CRM_meta_timeout", "30000"}}).timeout,
            std::chrono::seconds(30));
}

TEST(TheTimeout, MayBeAbsent) { EXPECT_EQ(request_of({}).timeout, std::nullopt); }

TEST(TheTimeout, IsNoneIfItIsZeroOrNotANumber) {
  for (const std::string value : {"0", "", "-5", "30s", "99999999999999999999"}) {
    const auto request = request_of({{"OCF_RESKEY_CRM_meta_timeout", value}});
    EXPECT_EQ(request.timeout, std::nullopt) << value;
    EXPECT_THAT(request.errors, IsEmpty());
  }
}

TEST(TheTimeout, IsAYearAtMost) {
  for (const std::string value : {"31536000000", "31536000001", "9223372036854775807"}) {
    EXPECT_EQ(request_of({{"OCF_RESKEY_CRM_meta_timeout", value}}).timeout,
              std::chrono::hours(365 * 24))
        << value;
  }
  EXPECT_EQ(request_of({{"OCF_RESKEY_CRM_meta_timeout", "31535999999"}}).timeout,
            std::chrono::milliseconds(31535999999));
}

TEST(TheInterval, SaysWhetherTheActionRecurs) {
  EXPECT_EQ(request_of({}).recurrence(), Recurrence::once);
  EXPECT_EQ(request_of({{"OCF_RESKEY_CRM_meta_interval", "0"}}).recurrence(), Recurrence::once);
  const auto recurring = request_of({{"OCF_RESKEY_CRM_meta_interval", "10000"}});
  EXPECT_EQ(recurring.recurrence(), Recurrence::recurring);
  EXPECT_EQ(recurring.interval, std::chrono::seconds(10));
}

TEST(ARequest, KeepsStateWhereTheAgentsOfTheNodeDo) {
  EXPECT_EQ(request_of({}).state_directory, "/run/resource-agents");
  EXPECT_EQ(request_of({{"HA_RSCTMP", "/run/agents"}}).state_directory, "/run/agents");
  EXPECT_EQ(request_of({{"HA_RSCTMP", "run/agents"}}).state_directory, "/run/resource-agents");
}

TEST(TheParameters, LoseTheirPrefix) {
  EXPECT_THAT(request_of({{"OCF_RESKEY_port", "5070"}, {"OCF_RESKEY_proto", "udp"}}).parameters,
              ElementsAre(Pair("port", "5070"), Pair("proto", "udp")));
}

TEST(TheParameters, MayBeSetAndEmpty) {
  EXPECT_THAT(request_of({{"OCF_RESKEY_kamctlrc", ""}}).parameters,
              ElementsAre(Pair("kamctlrc", "")));
}

TEST(TheParameters, AreNotTheClustersOwn) {
  EXPECT_THAT(request_of({{"OCF_RESKEY_CRM_meta_timeout", "30000"},
                          {"OCF_RESKEY_CRM_meta_on_node", "alice"},
                          {"OCF_CHECK_LEVEL", "0"},
                          {"PATH", "/bin"}})
                  .parameters,
              IsEmpty());
}

TEST(ANumber, HasOnlyDecimalDigits) {
  EXPECT_EQ(parse_number("0"), 0);
  EXPECT_EQ(parse_number("5060"), 5060);
  EXPECT_EQ(parse_number("9223372036854775807"), 9223372036854775807);
  for (const std::string text : {"", " ", "-1", "-0", "+1", "1 ", " 1", "0x10", "1.0", "1e3", "one",
                                 "9223372036854775808"}) {
    EXPECT_EQ(parse_number(text), std::nullopt) << "'" << text << "'";
  }
}

}  // namespace
}  // namespace ocf
