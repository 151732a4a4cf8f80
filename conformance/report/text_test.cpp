#include "conformance/report/text.h"

#include "conformance/report/testing/sample_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace conformance {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
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
            "  monitor one: within\n"
            "    expected: 100 ms\n"
            "    seen:     160 ms\n"
            "SKIPPED monitor-of-a-frozen-server/sipsak [live]: a real server cannot be told to "
            "freeze\n"
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

TEST(TextTest, PutsTheRigsSideBySideWhereTheyHaveSomethingToTell) {
  EXPECT_EQ(columns_text(testing::sample_run()),
            "question                 simulated  fakes    live\n"
            "stop-of-orphans/builtin  passed     failed   -        differs\n"
            "monitor-at-level-0       passed     warned   -        differs\n"
            "and 2 passed on every rig that they fit\n");
  auto run = testing::sample_run();
  std::erase_if(run.outcomes,
                [](const Outcome& outcome) { return outcome.verdict != Outcome::Verdict::passed; });
  run.outcomes.push_back({.question = {.name = "asked-nowhere"},
                          .rig = "live",
                          .verdict = Outcome::Verdict::skipped,
                          .reason = "no kamctl"});
  EXPECT_EQ(columns_text(run), "4 passed on every rig that they fit\n");
}

TEST(TextTest, SendsNothingToTheTerminalThatItWouldObey) {
  const auto run = testing::run_of_text(testing::hostile_text());
  for (const auto& text :
       {report_text(run), columns_text(run), timeline_text(run.outcomes[0], Rigs::several)}) {
    EXPECT_THAT(text, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\r")), Not(HasSubstr("\xff"))));
  }
}

}  // namespace
}  // namespace conformance
