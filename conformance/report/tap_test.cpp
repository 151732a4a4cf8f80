#include "conformance/report/tap.h"

#include "conformance/report/testing/sample_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace conformance {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using Verdict = Outcome::Verdict;

// What perl's own reader of TAP makes of it.
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
              HasSubstr("Bailout called.  Further testing stopped:  Nothing was asked"));
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

}  // namespace
}  // namespace conformance
