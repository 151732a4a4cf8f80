#include "conformance/scenario/trial.h"

#include "conformance/scenario/fit.h"
#include "conformance/scenario/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

TEST(TrialTest, WhatIsSkippedHasToFail) {
  const auto scenario = scenario_with("skips: {live: the kernel of 2031 is needed}");
  const auto skipped = outcome_of(scenario, evidence(1), "live");
  EXPECT_EQ(skipped.verdict, Verdict::skipped);
  EXPECT_EQ(skipped.reason, "the kernel of 2031 is needed");
  const auto outlived = outcome_of(scenario, evidence(0), "live");
  EXPECT_EQ(outlived.verdict, Verdict::failed);
  EXPECT_THAT(outlived.findings.at(0).seen, HasSubstr("take its skip away"));
  EXPECT_EQ(outcome_of(scenario, evidence(1), "fakes").verdict, Verdict::failed)
      << "it is skipped on another rig";
}

TEST(TrialTest, WhatCannotBePlayedWasNotAsked) {
  Evidence none;
  none.trouble = "/etc/x is not there anyway";
  auto scenario = scenario_with("probes: [sipsak]");
  const auto outcome = outcome_of(scenario, none, "live");
  EXPECT_EQ(outcome.verdict, Verdict::broken);
  EXPECT_THAT(outcome.reason, HasSubstr("/etc/x is not there anyway"));
  scenario.skips["live"] = "there is no /etc/x there";
  EXPECT_EQ(outcome_of(scenario, none, "live").verdict, Verdict::skipped);
}

TEST(TrialTest, WhatFailedBeforeTheRestCouldNotBePlayedHasFailed) {
  auto seen = evidence(1);
  seen.trouble = "no process of one is there to get the signal";
  const auto outcome = outcome_of(scenario_with("probes: [sipsak]"), seen, "live");
  EXPECT_EQ(outcome.verdict, Verdict::failed);
  EXPECT_THAT(outcome.reason, HasSubstr("no process of one"));
  EXPECT_FALSE(outcome.findings.empty());
}

TEST(FitTest, WhatOnlyTheSimulatedMachineCanDoIsNamed) {
  EXPECT_EQ(why_not_on_a_node(scenario_with("setup: {kamailio: {on_sigterm: ignore}}")), "");
  EXPECT_THAT(why_not_on_a_node(scenario_with("setup: {kamailio: {hangs_in_kernel: from_start}}")),
              HasSubstr("hang in the kernel"));
  EXPECT_THAT(
      why_not_on_a_node(scenario_with("setup: {servers: {one: {hangs_in_kernel: from_start}}}")),
      HasSubstr("hang in the kernel"));
  EXPECT_THAT(why_not_on_a_node(scenario_with("probes: [sipsak]", "{suspend: 1h}, ")),
              HasSubstr("clocks"));
  EXPECT_THAT(why_not_on_a_node(scenario_with("probes: [sipsak]", "{faults: []}, ")),
              HasSubstr("system calls"));
  EXPECT_THAT(why_not_on_a_node(scenario_with("probes: [sipsak]", "{weather: {}}, ")),
              HasSubstr("packets"));
  EXPECT_THAT(why_not_on_a_node(scenario_with("setup: {strangers: [{arguments: [vim]}]}")),
              HasSubstr("strangers"));
  EXPECT_THAT(why_not_on_a_node(scenario_with("probes: [sipsak]", "{exits_for: {one: 1s}}, ")),
              HasSubstr("exit slowly"));
  EXPECT_THAT(why_not_on_a_node(scenario_with("probes: [sipsak]", "{process_table: {}}, ")),
              HasSubstr("process table"));
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
            "other agents need not do so: levels are optional");
}

}  // namespace
}  // namespace conformance
