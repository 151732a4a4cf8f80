#include "sim/calibration/exceptions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace calibration {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const Difference exit_code = {.field = "ending", .recorded = "exit: 0", .seen = "exit: 1"};
const Difference output = {.field = "out", .recorded = "this", .seen = "that"};

std::vector<Exception> read(const std::string& text) {
  const auto exceptions = read_exceptions("exceptions.yaml", text);
  EXPECT_TRUE(exceptions) << exceptions.error().message();
  return exceptions.value_or(std::vector<Exception>{});
}

TEST(Exceptions, AreReadWithTheirReason) {
  EXPECT_THAT(read("exceptions:\n"
                   "  - {recordings: kamctl, id: one, of: world, field: out, reason: why}\n"
                   "  - {recordings: sipsak, id: two, of: both, reason: because}\n"),
              ElementsAre(Exception{.recordings = "kamctl",
                                    .id = "one",
                                    .of = {StandIn::world},
                                    .field = "out",
                                    .reason = "why"},
                          Exception{.recordings = "sipsak",
                                    .id = "two",
                                    .of = {StandIn::world, StandIn::fakes},
                                    .reason = "because"}));
}

TEST(Exceptions, NeedAReason) {
  const auto exceptions =
      read_exceptions("e.yaml", "exceptions:\n  - {recordings: kamctl, id: one, of: world}\n");
  ASSERT_FALSE(exceptions);
  EXPECT_THAT(exceptions.error().message(), HasSubstr("e.yaml:2:5: an exception needs \"reason\""));
}

TEST(Exceptions, AreAboutOneStandInAndOneSituation) {
  const auto all = read(
      "exceptions:\n"
      "  - {recordings: kamctl, id: one, of: world, reason: a}\n"
      "  - {recordings: kamctl, id: one, of: both, reason: b}\n"
      "  - {recordings: kamctl, id: two, of: both, reason: c}\n"
      "  - {recordings: sipsak, id: one, of: both, reason: d}\n");
  EXPECT_THAT(exceptions_for(all, StandIn::fakes, "kamctl", "one"),
              ElementsAre(Field(&Exception::reason, "b")));
}

TEST(Exceptions, CoverTheirFieldAlone) {
  const Exception about_output{.field = "out"};
  const auto judgement = judge({exit_code, output}, {about_output});
  EXPECT_THAT(judgement.errors, ElementsAre(exit_code));
  EXPECT_THAT(judgement.needless, IsEmpty());
}

TEST(Exceptions, CoverAllThatDiffersWithoutAField) {
  EXPECT_TRUE(judge({exit_code, output}, {Exception{}}).is_good());
}

TEST(Exceptions, AreAnErrorThemselvesWhereNothingDiffers) {
  const Exception about_output{.field = "out"};
  EXPECT_THAT(judge({exit_code}, {about_output}).needless, ElementsAre(about_output));
  EXPECT_THAT(judge({}, {Exception{}}).needless, ElementsAre(Exception{}));
}

}  // namespace
}  // namespace calibration
