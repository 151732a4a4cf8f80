#include "conformance/report/html.h"

#include "conformance/report/testing/sample_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <string>

namespace conformance {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t times = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) {
    ++times;
  }
  return times;
}

TEST(HtmlTest, HasARowForEachQuestion) {
  const auto page = html_text(testing::sample_run());
  EXPECT_EQ(count(page, R"(<tr role="row" id="q)"), 4U);
  EXPECT_THAT(page, HasSubstr(R"(data-verdicts="differs failed passed")"));
}

TEST(HtmlTest, TellsAllOfAFailure) {
  EXPECT_THAT(
      html_text(testing::sample_run()),
      AllOf(HasSubstr("Workers whose main process is gone are stopped, too"),
            HasSubstr("<b>MUST</b>, OCF Resource Agent API 1.1, stop"),
            HasSubstr("<dt>Seen</dt><dd>1 processes</dd>"),
            HasSubstr("the cluster would start the resource elsewhere beside what still runs here"),
            HasSubstr("fixtures/scenarios/stop.yaml:71")));
}

TEST(HtmlTest, DrawsWhatHappenedForFailuresAndWarningsOnly) {
  EXPECT_EQ(count(html_text(testing::sample_run()), "<svg "), 2U);
}

TEST(HtmlTest, NeedsNothingFromElsewhere) {
  const auto page = html_text(testing::sample_run());
  EXPECT_THAT(page, AllOf(Not(HasSubstr("http:")), Not(HasSubstr("https:")), Not(HasSubstr("url(")),
                          Not(HasSubstr("@import")), Not(HasSubstr("src="))));
}

TEST(HtmlTest, TakesNoTextForMarkup) {
  const auto page = html_text(testing::run_of_text(testing::hostile_text()));
  EXPECT_EQ(count(page, "<script"), 1U);
  EXPECT_EQ(count(page, "<style"), 1U);
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<img")), HasSubstr("&lt;img"), HasSubstr("{{style}}"),
                          HasSubstr("Grüße, 世界 \xf0\x9f\x98\x80"), Not(HasSubstr("\xff"))));
}

TEST(HtmlTest, CutsWhatNobodyReads) {
  EXPECT_LT(html_text(testing::run_of_text(std::string(1'000'000, 'x'))).size(), 400'000U);
}

TEST(HtmlTest, StaysSmallEnoughToSend) {
  EXPECT_LT(html_text(testing::large_run(400)).size(), 2'000'000U);
}

TEST(HtmlTest, HoldsARunOfNothing) {
  EXPECT_THAT(html_text(conformance::Run{}), HasSubstr("0 passed, 0 failed"));
}

}  // namespace
}  // namespace conformance
