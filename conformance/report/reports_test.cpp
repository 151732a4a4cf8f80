#include "conformance/report/reports.h"

#include "conformance/report/testing/sample_run.h"
#include "conformance/report/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pugixml.hpp>

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace conformance {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Verdict = Outcome::Verdict;

Outcome failed_outcome() {
  return {.question = {.name = "stop-twice",
                       .topic = "Stop",
                       .claim = "A second stop succeeds",
                       .rests_on = {"ocf.a", "ocf.b"},
                       .place = "stop.yaml:3"},
          .rig = "fakes",
          .verdict = Verdict::failed,
          .findings = {{.rule = "the exit code",
                        .step = "stop one",
                        .expected = "success (0)",
                        .seen = "generic error (1)",
                        .consequence = "the cluster would fence this node"}}};
}

TEST(TextTest, TellsAllOfAFailure) {
  EXPECT_EQ(failure_text(failed_outcome(), Rigs::one),
            "FAILED stop-twice\n"
            "  A second stop succeeds\n"
            "  stop.yaml:3, rests on ocf.a, ocf.b\n"
            "  stop one: the exit code\n"
            "    expected: success (0)\n"
            "    seen:     generic error (1)\n"
            "    then:     the cluster would fence this node\n");
}

TEST(TextTest, NamesTheRigWhereThereAreSeveral) {
  EXPECT_THAT(failure_text(failed_outcome(), Rigs::several),
              StartsWith("FAILED stop-twice [fakes]\n"));
  EXPECT_EQ(rigs_of(testing::sample_run()), Rigs::several);
  EXPECT_EQ(rigs_of({.outcomes = {failed_outcome()}}), Rigs::one);
}

TEST(TextTest, ShowsEachEventInALine) {
  auto outcome = failed_outcome();
  outcome.timeline = {{std::chrono::milliseconds(1500), "agent[7]", "exits\nwith 1"}};
  EXPECT_EQ(timeline_text(outcome, Rigs::one),
            "stop-twice failed: A second stop succeeds\n"
            "     1.500 s  agent[7]         exits with 1\n");
}

TEST(TextTest, SumsUpTheRun) {
  EXPECT_EQ(summary_text(testing::sample_run()),
            "WARNED monitor-at-level-0 [fakes]\n"
            "  The lightest check starts no more than one process\n"
            "  fixtures/scenarios/monitor.yaml:12, rests on ocf.levels.monitor-0\n"
            "  monitor one: the maximum duration\n"
            "    expected: 100 ms\n"
            "    seen:     160 ms\n"
            "SKIPPED monitor-of-a-frozen-server/sipsak [live]: a real server does not freeze on "
            "request\n"
            "DIFFERS stop-of-orphans/builtin: simulated passed, fakes failed\n"
            "DIFFERS monitor-at-level-0: simulated passed, fakes warned\n"
            "6 passed, 1 failed, 1 warned, 1 skipped\n");
}

TEST(TextTest, CountsWhatIsSkippedForTheSameReasonOnce) {
  const Outcome skipped{
      .question = {.name = "a"}, .rig = "live", .verdict = Verdict::skipped, .reason = "no kamctl"};
  EXPECT_EQ(summary_text({.outcomes = {skipped, skipped, skipped}}),
            "SKIPPED a and 2 more: no kamctl\n0 passed, 0 failed, 3 skipped\n");
}

TEST(TextTest, ReportsFailuresBeforeTheSummary) {
  EXPECT_THAT(report_text(testing::sample_run()),
              AllOf(StartsWith("FAILED stop-of-orphans/builtin [fakes]\n"), HasSubstr("\nDIFFERS "),
                    EndsWith("1 skipped\n")));
  EXPECT_EQ(report_text(conformance::Run{}), "0 passed, 0 failed\n");
}

TEST(TextTest, PutsRigsThatDifferSideBySide) {
  EXPECT_EQ(columns_text(testing::sample_run()),
            "check                    simulated  fakes    live\n"
            "stop-of-orphans/builtin  passed     failed   -        differs\n"
            "monitor-at-level-0       passed     warned   -        differs\n"
            "and 2 passed on every rig that can run them\n");
  auto run = testing::sample_run();
  std::erase_if(run.outcomes,
                [](const Outcome& outcome) { return outcome.verdict != Outcome::Verdict::passed; });
  run.outcomes.push_back({.question = {.name = "asked-nowhere"},
                          .rig = "live",
                          .verdict = Outcome::Verdict::skipped,
                          .reason = "no kamctl"});
  EXPECT_EQ(columns_text(run), "4 passed on every rig that can run them\n");
}

TEST(TextTest, PrintsNoControlCharacters) {
  const auto run = testing::run_of_text(testing::hostile_text());
  for (const auto& text :
       {report_text(run), columns_text(run), timeline_text(run.outcomes[0], Rigs::several)}) {
    EXPECT_THAT(text, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\r")), Not(HasSubstr("\xff"))));
  }
}

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

TEST(MarkdownTest, ListsACheckOnceWithItsVariants) {
  const auto text =
      markdown_text({.agent = "a",
                     .command = "ocf-conformance a",
                     .outcomes = {failure("stop/5s", "fakes"), failure("stop/5s", "live"),
                                  failure("stop/9s", "fakes")}});
  EXPECT_THAT(text, HasSubstr("Command:\n\n    ocf-conformance a\n"));
  EXPECT_THAT(text, HasSubstr("| fakes | 2 | 0 | 0 | 0 |\n| live | 1 | 0 | 0 | 0 |\n"));
  EXPECT_THAT(text, HasSubstr("### stop\n\nIt stops. Rests on ocf.stop.stops.\n\nFails with: "
                              "5s on fakes, 5s on live, 9s on fakes. The first failure:\n"));
  EXPECT_THAT(text, HasSubstr("- `stop one`: the exit code: expected `success (0)`, seen `` a "
                              "`tick` ``; the cluster would fence this node\n"));
  EXPECT_THAT(text, HasSubstr("cluster: stop one\n"));
}

TEST(MarkdownTest, ListsWarningsAndOmitsPassedChecks) {
  auto warning = failure("late", "contract");
  warning.verdict = Verdict::warned;
  auto passed = failure("good", "contract");
  passed.verdict = Verdict::passed;
  const auto text = markdown_text({.agent = "a", .outcomes = {warning, passed}});
  EXPECT_THAT(text, HasSubstr("## Violated recommendations (SHOULD)\n\n### late"));
  EXPECT_THAT(text, Not(HasSubstr("Failed requirements")));
  EXPECT_THAT(text, Not(HasSubstr("good")));
}

Requirement requirement(const std::string& id, const std::string& untested = "") {
  return {.id = id, .source = "S", .section = "a|b", .says = "so", .untested = untested};
}

TEST(CoverageTest, ARequirementNamesTheChecksThatCoverIt) {
  const auto coverage = coverage_of(
      {requirement("r")}, {{.name = "one", .rests_on = {"r"}}, {.name = "two", .rests_on = {"r"}}});
  EXPECT_THAT(coverage.wrong, IsEmpty());
  EXPECT_THAT(coverage.text, HasSubstr("| r | a\\|b | MUST: so | `one`, `two` |"));
}

TEST(CoverageTest, ARequirementWithoutChecksNeedsAReason) {
  EXPECT_THAT(coverage_of({requirement("r")}, {}).wrong,
              ElementsAre("r: no check covers it, and it has no `untested` reason"));
  const auto coverage = coverage_of({requirement("r", "it is no promise")}, {});
  EXPECT_THAT(coverage.wrong, IsEmpty());
  EXPECT_THAT(coverage.text, HasSubstr("- r: it is no promise\n"));
}

TEST(CoverageTest, AReasonThatIsOutlivedIsWrong) {
  EXPECT_THAT(coverage_of({requirement("r", "why")}, {{.name = "one", .rests_on = {"r"}}}).wrong,
              ElementsAre("r: a check covers it, but it has an `untested` reason"));
}

pugi::xml_document parsed(const Run& run) {
  pugi::xml_document document;
  const auto result = document.load_string(junit_text(run).c_str(),
                                           pugi::parse_default | pugi::parse_ws_pcdata_single);
  EXPECT_TRUE(result) << result.description();
  return document;
}

std::string value(const pugi::xml_document& document, const char* xpath) {
  return document.select_node(xpath).attribute().value();
}

TEST(JunitTest, HasASuiteForEachTopicOnEachRig) {
  const auto document = parsed(testing::sample_run());
  EXPECT_EQ(document.select_nodes("/testsuites/testsuite").size(), 6U);
  EXPECT_EQ(document.select_nodes("//testsuite[@name='Stop [fakes]']/testcase").size(), 2U);
  EXPECT_EQ(value(document, "//testsuite[@name='Stop [fakes]']//property[@name='agent']/@value"),
            "ocf:sip:kamailio");
}

TEST(JunitTest, CountsWhatItHolds) {
  const auto document = parsed(testing::sample_run());
  EXPECT_EQ(value(document, "/testsuites/@tests"), "9");
  EXPECT_EQ(value(document, "/testsuites/@failures"), "1");
  EXPECT_EQ(value(document, "//testsuite[@name='Monitor [live]']/@skipped"), "1");
  EXPECT_EQ(value(document, "//testsuite[@name='Stop [fakes]']/@failures"), "1");
  EXPECT_EQ(value(document, "//testsuite[@name='Stop [fakes]']/@time"), "23.069");
}

TEST(JunitTest, ACheckThatDidNotRunIsAnError) {
  conformance::Run run;
  run.outcomes = {{.question = {.name = "q", .topic = "T"},
                   .rig = "live",
                   .verdict = Outcome::Verdict::broken,
                   .findings = {{.rule = "rule", .expected = "e", .seen = "no room"}}}};
  const auto document = parsed(run);
  EXPECT_EQ(value(document, "/testsuites/@tests"), "1");
  EXPECT_EQ(value(document, "/testsuites/@failures"), "0");
  EXPECT_EQ(value(document, "/testsuites/@errors"), "1");
  EXPECT_THAT(value(document, "//testcase/error/@message"), HasSubstr("no room"));
}

TEST(JunitTest, ContainsAllDetailsOfAFailure) {
  const auto document = parsed(testing::sample_run());
  const auto failure = document.select_node("//testcase[failure]").node();
  EXPECT_STREQ(failure.attribute("classname").value(), "fakes.Stop");
  EXPECT_STREQ(failure.attribute("name").value(), "stop-of-orphans/builtin");
  EXPECT_STREQ(failure.attribute("time").value(), "23.014");
  EXPECT_STREQ(
      failure.child("failure").attribute("message").value(),
      "stop one, timeout 30s: reports stopped only when no process lives: expected no process "
      "of one, seen 1 processes");
  EXPECT_THAT(failure.child("failure").text().get(),
              AllOf(HasSubstr("fixtures/scenarios/stop.yaml:71\n"),
                    HasSubstr("rests on ocf.stop.stops (OCF Resource Agent API 1.1, stop, MUST)"),
                    HasSubstr("then:     the cluster would start the resource on another node"),
                    HasSubstr("23.012 s  kamailio[102]  ends by SIGKILL")));
}

TEST(JunitTest, LetsWarningsPassWithWhatWasFound) {
  const auto document = parsed(testing::sample_run());
  const auto warned = document.select_node("//testcase[system-out]").node();
  EXPECT_FALSE(warned.child("failure"));
  EXPECT_THAT(warned.child("system-out").text().get(), HasSubstr("seen:     160 ms"));
}

TEST(JunitTest, SaysWhySomethingWasSkipped) {
  EXPECT_EQ(value(parsed(testing::sample_run()), "//testcase/skipped/@message"),
            "a real server does not freeze on request");
}

TEST(JunitTest, GivesHostileTextBackAsItIs) {
  const auto text = testing::hostile_text();
  const auto document = parsed(testing::run_of_text(text));
  const auto failed = document.select_node("//testcase[failure]").node();
  EXPECT_EQ(failed.attribute("name").value(), plain(text));
  EXPECT_THAT(failed.child("failure").text().get(), HasSubstr("expected: " + plain(text)));
}

TEST(JunitTest, HoldsARunOfNothing) {
  EXPECT_EQ(value(parsed(conformance::Run{}), "/testsuites/@tests"), "0");
}

// The result of perl's TAP parser.
std::string read_by_prove(const Run& run) {
  const auto file =
      std::filesystem::path(::testing::TempDir()) /
      ("tap_test." + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
  std::ofstream(file) << tap_text(run);
  const std::string command =
      "prove --verbose --directives --nocolor --exec cat '" + file.string() + "' 2>&1";
  // NOLINTNEXTLINE(cert-env33-c): the test wants a program as a person calls it
  auto* const pipe = popen(command.c_str(), "r");
  std::string output;
  for (int byte = std::fgetc(pipe); byte != EOF; byte = std::fgetc(pipe)) {
    output += static_cast<char>(byte);
  }
  pclose(pipe);
  std::filesystem::remove(file);
  return output;
}

TEST(TapTest, HasALineForEachOutcome) {
  EXPECT_THAT(
      tap_text(testing::sample_run()),
      AllOf(StartsWith("TAP version 13\n1..9\nok 1 - stop-of-orphans/builtin [simulated]\n"),
            HasSubstr("\nnot ok 5 - stop-of-orphans/builtin [fakes]\n  ---\n"),
            HasSubstr("\nnot ok 7 - monitor-at-level-0 [fakes] # TODO "),
            HasSubstr("\nok 9 - monitor-of-a-frozen-server/sipsak [live] # SKIP a real ")));
}

TEST(TapTest, TellsAllOfAFailure) {
  EXPECT_THAT(tap_text(testing::sample_run()),
              AllOf(HasSubstr("\n    - \"ocf.stop.stops (OCF Resource Agent API 1.1, stop, MUST)"),
                    HasSubstr("\n      expected: \"no process of one\"\n"),
                    HasSubstr("\n      consequence: \"the cluster would start"),
                    HasSubstr("\n    - \"23.012 s  kamailio[102]  ends by SIGKILL\"\n")));
}

TEST(TapTest, IsReadByProve) {
  EXPECT_THAT(read_by_prove(testing::sample_run()),
              AllOf(HasSubstr("Failed 1/9 subtests"), HasSubstr("less 1 skipped subtest"),
                    HasSubstr("Failed test:  5"), Not(HasSubstr("Parse errors"))));
}

TEST(TapTest, IsAFailureToProveIfNothingWasAsked) {
  EXPECT_THAT(read_by_prove(conformance::Run{}),
              HasSubstr("Bailout called.  Further testing stopped:  No checks ran"));
}

TEST(TapTest, TakesNoTextForADirective) {
  const Outcome outcome{.question = {.name = "a # SKIP nothing\nok 2 - b # TODO"},
                        .rig = "live",
                        .verdict = Verdict::failed,
                        .reason = "...\n---\nBail out!"};
  EXPECT_THAT(read_by_prove({.outcomes = {outcome}}),
              AllOf(HasSubstr("Failed 1/1 subtests"), Not(HasSubstr("Parse errors")),
                    Not(HasSubstr("skipped:"))));
  EXPECT_THAT(read_by_prove(testing::run_of_text(testing::hostile_text())),
              AllOf(HasSubstr("Failed 1/3 subtests"), Not(HasSubstr("Parse errors"))));
}

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
            HasSubstr(
                "the cluster would start the resource on another node while it still runs here"),
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
