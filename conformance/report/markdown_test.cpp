#include "conformance/report/markdown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace conformance {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using Verdict = Outcome::Verdict;

Outcome failure(const std::string& name, const std::string& rig) {
  return {.question = {.name = name, .claim = "It stops", .rests_on = {"ocf.stop.stops"}},
          .rig = rig,
          .verdict = Verdict::failed,
          .findings = {{.rule = "the exit code",
                        .step = "stop one",
                        .expected = "success (0)",
                        .seen = "a `tick`",
                        .consequence = "the cluster would fence this node"}},
          .timeline = {{.at = std::chrono::seconds(1), .who = "cluster", .what = "stop one"}}};
}

TEST(MarkdownTest, AQuestionIsToldOnceWithItsVariants) {
  const auto text =
      markdown_text({.agent = "a",
                     .command = "ocf-conformance a",
                     .outcomes = {failure("stop/5s", "fakes"), failure("stop/5s", "live"),
                                  failure("stop/9s", "fakes")}});
  EXPECT_THAT(text, HasSubstr("Asked by\n\n    ocf-conformance a\n"));
  EXPECT_THAT(text, HasSubstr("| fakes | 2 | 0 | 0 | 0 |\n| live | 1 | 0 | 0 | 0 |\n"));
  EXPECT_THAT(text, HasSubstr("### stop\n\nIt stops. Rests on ocf.stop.stops.\n\nDoes not hold: "
                              "5s on fakes, 5s on live, 9s on fakes. The first:\n"));
  EXPECT_THAT(text, HasSubstr("- `stop one`: the exit code: expected `success (0)`, seen `` a "
                              "`tick` ``; the cluster would fence this node\n"));
  EXPECT_THAT(text, HasSubstr("cluster: stop one\n"));
}

TEST(MarkdownTest, WarningsStandBehindFailuresAndWhatHoldsNowhere) {
  auto warning = failure("late", "contract");
  warning.verdict = Verdict::warned;
  auto passed = failure("good", "contract");
  passed.verdict = Verdict::passed;
  const auto text = markdown_text({.agent = "a", .outcomes = {warning, passed}});
  EXPECT_THAT(text, HasSubstr("## What should hold and does not\n\n### late"));
  EXPECT_THAT(text, Not(HasSubstr("What has to hold")));
  EXPECT_THAT(text, Not(HasSubstr("good")));
}

}  // namespace
}  // namespace conformance
