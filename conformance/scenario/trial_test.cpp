#include "conformance/scenario/trial.h"

#include "conformance/scenario/fit.h"
#include "conformance/scenario/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>

namespace conformance {
namespace {

using testing::HasSubstr;
using Verdict = Outcome::Verdict;

Scenario scenario_with(const std::string& keys, const std::string& steps = "") {
  const auto scenarios = read_scenarios(
      "stop.yaml",
      "topic: Stop\nscenarios:\n  - id: a\n    claim: C\n    rests_on: [r]\n    " + keys +
          "\n    instances: {one: {probe: sipsak, port: 5060}}\n    steps: [" + steps +
          "{stop: one, expect: success}]\n",
      [](const std::string&) { return true; });
  if (!scenarios) {
    ADD_FAILURE() << scenarios.error().message();
    return {};
  }
  return scenarios->front();
}

Evidence evidence(int code) {
  Evidence seen;
  seen.steps.push_back({.call = SeenCall{.code = code, .reasons = {"why"}}});
  return seen;
}

TEST(TrialTest, AnOutcomeHasTheAnswersAndWhatIsWrongWithThem) {
  const auto outcome = outcome_of(scenario_with("probes: [sipsak]"), evidence(1), "live");
  EXPECT_EQ(outcome.verdict, Verdict::failed);
  EXPECT_THAT(outcome.answers, testing::ElementsAre("stop one: generic error"));
  EXPECT_EQ(outcome.findings.size(), 1U);
  EXPECT_EQ(question_of(scenario_with("probes: [sipsak]")).place, "stop.yaml:3");
}

TEST(TrialTest, ASkippedScenarioMustFail) {
  const auto scenario = scenario_with("skips: {live: the kernel of 2031 is needed}");
  const auto skipped = outcome_of(scenario, evidence(1), "live");
  EXPECT_EQ(skipped.verdict, Verdict::skipped);
  EXPECT_EQ(skipped.reason, "the kernel of 2031 is needed");
  const auto outlived = outcome_of(scenario, evidence(0), "live");
  EXPECT_EQ(outlived.verdict, Verdict::failed);
  EXPECT_THAT(outlived.findings.at(0).seen, HasSubstr("remove the skip"));
  EXPECT_EQ(outcome_of(scenario, evidence(1), "fakes").verdict, Verdict::failed)
      << "it is skipped on another rig";
}

// With a setup that is expected to succeed.
Outcome outcome_of_recording(int exit_of_setup, int exit_of_last_step) {
  const auto recordings =
      read_scenarios("r.yaml",
                     "topic: T\nmeasured_with: p\nscenarios:\n  - id: a\n    claim: C\n    steps:\n"
                     "      - run: [server]\n        exit: 0\n"
                     "      - run: [client]\n        exit: 0\n",
                     [](const std::string&) { return true; });
  Evidence seen;
  for (const int code : {exit_of_setup, exit_of_last_step}) {
    seen.steps.push_back({.call = {}, .program = Observation{.ending = Exited{code}}, .after = {}});
  }
  return outcome_of(recordings.value().front(), seen, "live");
}

TEST(TrialTest, ARecordingThatDiffersInItsLastStepHasACorrection) {
  const auto outcome = outcome_of_recording(0, 3);
  EXPECT_EQ(outcome.verdict, Verdict::failed);
  EXPECT_EQ(outcome.correction, (Correction{.begin = 10, .end = 11, .text = "        exit: 3\n"}));
}

TEST(TrialTest, AFailedSetupYieldsNoCorrection) {
  const auto outcome = outcome_of_recording(255, 3);
  EXPECT_EQ(outcome.verdict, Verdict::failed);
  EXPECT_EQ(outcome.correction, std::nullopt);
}

TEST(TrialTest, AScenarioThatCannotRunIsNotRun) {
  Evidence none;
  none.trouble = "cannot remove /etc/x: no such file";
  auto scenario = scenario_with("probes: [sipsak]");
  const auto outcome = outcome_of(scenario, none, "live");
  EXPECT_EQ(outcome.verdict, Verdict::broken);
  EXPECT_THAT(outcome.reason, HasSubstr("cannot remove /etc/x: no such file"));
  scenario.skips["live"] = "there is no /etc/x there";
  EXPECT_EQ(outcome_of(scenario, none, "live").verdict, Verdict::skipped);
}

TEST(TrialTest, AFailureBeforeTroubleCounts) {
  auto seen = evidence(1);
  seen.trouble = "no process of one received the signal";
  const auto outcome = outcome_of(scenario_with("probes: [sipsak]"), seen, "live");
  EXPECT_EQ(outcome.verdict, Verdict::failed);
  EXPECT_THAT(outcome.reason, HasSubstr("no process of one"));
  EXPECT_FALSE(outcome.findings.empty());
}

TEST(FitTest, NamesTheFeatureThatNeedsTheSimulatedMachine) {
  EXPECT_EQ(why_not_on_a_node(scenario_with("setup: {kamailio: {on_sigterm: ignore}}")), "");
  EXPECT_THAT(why_not_on_a_node(scenario_with("setup: {kamailio: {hangs_in_kernel: from_start}}")),
              HasSubstr("hang in the kernel"));
  EXPECT_THAT(
      why_not_on_a_node(scenario_with("setup: {servers: {one: {hangs_in_kernel: from_start}}}")),
      HasSubstr("hang in the kernel"));
  EXPECT_THAT(why_not_on_a_node(scenario_with("probes: [sipsak]", "{suspend: 1h}, ")),
              HasSubstr("changes of the clock"));
  EXPECT_THAT(why_not_on_a_node(scenario_with("probes: [sipsak]", "{faults: []}, ")),
              HasSubstr("system calls"));
  EXPECT_THAT(why_not_on_a_node(scenario_with("probes: [sipsak]", "{weather: {}}, ")),
              HasSubstr("weather"));
  EXPECT_THAT(why_not_on_a_node(scenario_with("setup: {strangers: [{arguments: [vim]}]}")),
              HasSubstr("strangers"));
  EXPECT_THAT(why_not_on_a_node(scenario_with("probes: [sipsak]", "{exits_for: {one: 1s}}, ")),
              HasSubstr("exit slowly"));
  EXPECT_THAT(why_not_on_a_node(scenario_with("probes: [sipsak]", "{process_table: {}}, ")),
              HasSubstr("process table"));
}

TEST(FitTest, AChangeWhileTheAgentRunsCountsLikeAnyOther) {
  const auto with_change = [](const std::string& change) {
    return scenario_with("probes: [sipsak]", "{monitor: one, meanwhile: [{after: 1s, " + change +
                                                 "}, {after: 2s, without: [/a]}]}, ");
  };
  EXPECT_THAT(setups_of(with_change("faults: []")), testing::SizeIs(3));
  EXPECT_EQ(why_not_on_a_node(with_change("without: [/b]")), "");
  EXPECT_THAT(why_not_on_a_node(with_change("faults: [{at: /run, error: EIO}]")),
              HasSubstr("system calls"));
  EXPECT_NE(why_not_with_real_programs(with_change("kamctl: {ill: hangs}")), "");
  EXPECT_THAT(
      why_not_simulated(with_change(R"(files: {/opt/a: {text: "#!/bin/sh", mode: "0755"}})")),
      HasSubstr("script"));
}

TEST(FitTest, TheSimulatedMachineHasNoShell) {
  EXPECT_EQ(why_not_simulated(scenario_with("setup: {files: {/opt/a: \"#!/bin/sh\"}}")), "");
  EXPECT_THAT(why_not_simulated(
                  scenario_with(R"(setup: {files: {/opt/a: {text: "#!/bin/sh", mode: "0755"}}})")),
              HasSubstr("script"));
}

TEST(FitTest, RealProgramsDoNotMisbehaveWhenAskedTo) {
  EXPECT_EQ(why_not_with_real_programs(scenario_with("setup: {without: [/usr/bin/sipsak]}")), "");
  EXPECT_NE(
      why_not_with_real_programs(scenario_with("probes: [sipsak]", "{kamctl: {ill: hangs}}, ")),
      "");
}

TEST(FitTest, AParameterThatTheAgentDoesNotHaveIsNamed) {
  EXPECT_EQ(why_not_with_parameters(scenario_with("probes: [sipsak]"), {"probe", "port"}), "");
  EXPECT_THAT(why_not_with_parameters(scenario_with("probes: [sipsak]"), {"port"}),
              HasSubstr("no parameter probe"));
}

TEST(FitTest, AParameterThatIsSetOnTheWayIsOneOfTheAgent) {
  EXPECT_THAT(
      why_not_with_parameters(scenario_with("probes: [sipsak]", "{update: {one: {rpc: x}}}, "),
                              {"port", "probe"}),
      HasSubstr("no parameter rpc"));
}

TEST(FitTest, WhatIsMoreThanOthersPromiseIsAskedOfOurAgentOnly) {
  auto scenario = scenario_with("beyond: levels are optional");
  EXPECT_EQ(why_not_with_parameters(scenario, {"probe", "port"}), "");
  scenario.instances["one"].parameters.erase("probe");
  EXPECT_EQ(why_not_with_parameters(scenario, {"port"}),
            "not required of other agents: levels are optional");
}

}  // namespace
}  // namespace conformance
