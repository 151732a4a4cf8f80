#include "agent/kamailio/reasons.h"

#include "agent/ocf/testing/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace kamailio {
namespace {

using ocf::ExitCode;
using ocf::testing::ends_with;
using ::testing::Each;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(AReason, FillsInItsValues) {
  EXPECT_EQ(say<Reason::pid_file_wrong>("/run/k.pid", 7),
            "the PID file /run/k.pid names process 7, which is gone or not this instance");
  EXPECT_EQ(say<Reason::no_action>(), "missing action: expected one as the first argument");
}

TEST(AReason, AcceptsAnyTextAsAValue) {
  EXPECT_EQ(say<Reason::action_not_supported>("{x} } {"), "action {x} } { is not supported");
  EXPECT_EQ(say<Reason::action_not_supported>(""), "action  is not supported");
}

TEST(AReason, HasTheCodeOfTheTable) {
  EXPECT_THAT(fail<Reason::action_not_supported>("x"),
              ends_with(ExitCode::unimplemented, "action x is not supported"));
}

TEST(AReason, HasAnotherCodeIfTheErrorSaysNothingAboutTheThingItself) {
  using host::ErrorKind;
  const auto code_of = [](ErrorKind kind) {
    return fail_by<Reason::conffile_not_readable>({.kind = kind, .text = "/x: why"}).code;
  };
  EXPECT_EQ(code_of(ErrorKind::not_found), ExitCode::invalid_arguments);
  EXPECT_EQ(code_of(ErrorKind::not_permitted), ExitCode::not_permitted);
  EXPECT_EQ(code_of(ErrorKind::failed), ExitCode::generic_error);
}

TEST(Reasons, StandBehindEachOther) {
  std::string reasons;
  add_reason(reasons, "");
  add_reason(reasons, "one");
  add_reason(reasons, "");
  add_reason(reasons, "two");
  EXPECT_EQ(reasons, "one; two");
}

TEST(TheTableOfReasons, HasAMeaningAndARemedyForEachReason) {
  EXPECT_THAT(reason_table, Each(Field("meaning", &ReasonEntry::meaning, Not(IsEmpty()))));
  EXPECT_THAT(reason_table, Each(Field("remedy", &ReasonEntry::remedy, Not(IsEmpty()))));
}

TEST(TheTableOfReasons, HasNoTextTwice) {
  std::set<std::string_view> texts;
  for (const auto& entry : reason_table) {
    EXPECT_TRUE(texts.insert(entry.text).second) << entry.text;
  }
}

TEST(TheTableOfReasons, HasPairsOfBraces) {
  for (const auto& entry : reason_table) {
    EXPECT_EQ(std::ranges::count(entry.text, '{'), std::ranges::count(entry.text, '}'))
        << entry.text;
  }
}

TEST(TheTableOfReasons, HasNoReasonThatIsASuccess) {
  EXPECT_THAT(reason_table,
              Each(Field("code", &ReasonEntry::code, ::testing::Ne(ExitCode::success))));
}

TEST(TheDocumentOfReasons, HasALineForEachReason) {
  const auto document = reasons_markdown();
  for (const auto& entry : reason_table) {
    EXPECT_THAT(document, HasSubstr(std::string(entry.text.substr(0, entry.text.find('{')))));
  }
  EXPECT_THAT(document, Not(HasSubstr("{")));
}

}  // namespace
}  // namespace kamailio
