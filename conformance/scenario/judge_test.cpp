#include "conformance/scenario/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace conformance {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

Scenario scenario_of(const std::string& action, Expectation expects) {
  Scenario scenario{.id = "s"};
  scenario.instances["one"] = {.name = "one"};
  scenario.steps.push_back(
      {.what = {.what = sim::CallAgent{.action = action, .instance = "one", .operation = {}},
                .text = action + " one"},
       .expects = std::move(expects)});
  return scenario;
}

Evidence evidence_of(SeenCall call, std::set<int> pids = {}) {
  SeenStep step{.call = std::move(call)};
  step.after.processes["one"] = std::move(pids);
  Evidence evidence;
  evidence.steps.push_back(std::move(step));
  return evidence;
}

std::vector<std::string> rules(const std::vector<Finding>& findings) {
  std::vector<std::string> all;
  for (const auto& finding : findings) {
    all.push_back(finding.rule);
  }
  return all;
}

TEST(JudgeTest, FindsNothingWhereAllIsAsExpected) {
  EXPECT_THAT(judge(scenario_of("stop", {.codes = {0}}), evidence_of({.code = 0})), IsEmpty());
}

TEST(JudgeTest, SaysWhatTheClusterWouldHaveDone) {
  const auto findings = judge(scenario_of("monitor", {.codes = {1}}),
                              evidence_of({.code = 7, .reasons = {"gone"}}, {12}));
  EXPECT_THAT(rules(findings),
              ElementsAre("the exit code", "reports stopped only when no process lives"));
  EXPECT_EQ(findings.at(0).expected, "generic error (1)");
  EXPECT_EQ(findings.at(0).seen, "not running (7): gone");
  EXPECT_THAT(findings.at(0).consequence, HasSubstr("second server"));
}

TEST(JudgeTest, FindsAStopThatSucceedsBesideALivingServer) {
  EXPECT_THAT(rules(judge(scenario_of("stop", {.codes = {0}}), evidence_of({.code = 0}, {12}))),
              ElementsAre("reports stopped only when no process lives"));
}

TEST(JudgeTest, FindsAnAgentThatTheClusterHadToKill) {
  const auto findings =
      judge(scenario_of("stop", {.codes = {0}}), evidence_of({.code = 1, .timed_out = true}));
  EXPECT_THAT(rules(findings), ElementsAre("a result before the timeout"));
  EXPECT_THAT(findings.at(0).consequence, HasSubstr("fence"));
}

TEST(JudgeTest, FindsAFailureWithoutAReason) {
  EXPECT_THAT(rules(judge(scenario_of("start", {.codes = {1}}), evidence_of({.code = 1}))),
              ElementsAre("a failure has an exit reason"));
}

TEST(JudgeTest, FindsAValidationThatIsNotSilent) {
  EXPECT_THAT(rules(judge(scenario_of("validate-all", {.codes = {0}}),
                          evidence_of({.code = 0, .log = {"all is well"}}))),
              ElementsAre("a successful validate-all prints nothing"));
}

TEST(JudgeTest, FindsACodeThatOcfDoesNotHave) {
  EXPECT_THAT(rules(judge(scenario_of("notify", {}), evidence_of({.code = 42, .reasons = {"x"}}))),
              ElementsAre("an exit code of OCF 1.1"));
}

TEST(JudgeTest, FindsSignalsToOthers) {
  EXPECT_THAT(judge(scenario_of("stop", {.codes = {0}, .sends = {{SIGTERM}}}),
                    evidence_of({.code = 0,
                                 .signals = {{{.signal = SIGTERM, .to = "one"},
                                              {.signal = SIGKILL, .to = "two"}}}})),
              ElementsAre(AllOf(Field(&Finding::rule, "signals only the resource's own processes"),
                                Field(&Finding::seen, "SIGKILL to two"))));
}

TEST(JudgeTest, FindsOtherSignalsThanThoseExpected) {
  const auto scenario = scenario_of("stop", {.codes = {0}, .sends = {{SIGTERM, SIGKILL}}});
  EXPECT_THAT(
      rules(judge(scenario, evidence_of({.code = 0,
                                         .signals = {{{.signal = SIGTERM, .to = "one"},
                                                      {.signal = SIGTERM, .to = "one"}}}}))),
      ElementsAre("the signals that the agent sends"));
  // A rig that cannot observe signals skips this check.
  EXPECT_THAT(judge(scenario, evidence_of({.code = 0})), IsEmpty());
}

TEST(JudgeTest, FindsTimesWordsAndHelpers) {
  const auto scenario = scenario_of(
      "monitor", {.codes = {1}, .within = std::chrono::seconds(1), .says = {"tcp"}, .logs = {"x"}});
  auto evidence =
      evidence_of({.code = 1, .reasons = {"over udp"}, .took = std::chrono::seconds(2)}, {12});
  evidence.steps.at(0).after.helpers = {"sipsak[9]"};
  EXPECT_THAT(rules(judge(scenario, evidence)),
              ElementsAre("the maximum duration", "required text in the exit reason",
                          "required text in the log", "no helper process outlives the agent"));
}

TEST(JudgeTest, LetsABusyMachineAnswerLateButNotEarly) {
  const auto scenario = scenario_of(
      "monitor",
      {.codes = {0}, .within = std::chrono::seconds(2), .not_before = std::chrono::seconds(1)});
  const auto found_after = [&](std::chrono::milliseconds took) {
    auto evidence = evidence_of({.code = 0, .took = took});
    evidence.slack = std::chrono::milliseconds(100);
    evidence.delay = std::chrono::seconds(5);
    return rules(judge(scenario, evidence));
  };
  EXPECT_THAT(found_after(std::chrono::milliseconds(7'100)), IsEmpty());
  EXPECT_THAT(found_after(std::chrono::milliseconds(7'101)), ElementsAre("the maximum duration"));
  EXPECT_THAT(found_after(std::chrono::milliseconds(900)), IsEmpty());
  EXPECT_THAT(found_after(std::chrono::milliseconds(899)), ElementsAre("the minimum duration"));
}

TEST(JudgeTest, FindsAnOutputThatLacksSomething) {
  const auto scenario = scenario_of("meta-data", {.codes = {0}, .prints = {"<resource-agent"}});
  EXPECT_THAT(rules(judge(scenario, evidence_of({.code = 0, .out = "usage"}))),
              ElementsAre("required text on standard output"));
  EXPECT_THAT(judge(scenario, evidence_of({.code = 0, .out = "<resource-agent>"})), IsEmpty());
}

TEST(JudgeTest, AsksNothingOfACallThatSomebodyKilled) {
  EXPECT_THAT(judge(scenario_of("stop", {.codes = {0}}), evidence_of({.code = 1, .killed = true})),
              IsEmpty());
}

TEST(JudgeTest, HoldsTheConditionsOfTheEnd) {
  auto scenario = scenario_of("monitor", {.codes = {0}});
  scenario.then = {{.kind = Condition::Kind::no_process_of, .subject = "one"},
                   {.kind = Condition::Kind::no_file, .subject = "/run/a"},
                   {.kind = Condition::Kind::file, .subject = "/run/b"},
                   {.kind = Condition::Kind::same_processes_of, .subject = "one"}};
  auto evidence = evidence_of({.code = 0}, {12});
  evidence.files["/run/a"] = {};
  EXPECT_THAT(judge(scenario, evidence), ElementsAre(Field(&Finding::expected, "no process of one"),
                                                     Field(&Finding::expected, "no file /run/a"),
                                                     Field(&Finding::expected, "the file /run/b")));
}

TEST(JudgeTest, TellsNewProcessesFromTheFirst) {
  auto scenario = scenario_of("monitor", {.codes = {0}});
  scenario.then = {{.kind = Condition::Kind::new_processes_of, .subject = "one"}};
  auto evidence = evidence_of({.code = 0}, {12, 13});
  SeenStep last;
  last.after.processes["one"] = {13, 14};
  evidence.steps.push_back(last);
  EXPECT_EQ(judge(scenario, evidence).size(), 1U);
  evidence.steps.back().after.processes["one"] = {14, 15};
  EXPECT_THAT(judge(scenario, evidence), IsEmpty());
  evidence.steps.back().after.processes["one"] = {};
  EXPECT_EQ(judge(scenario, evidence).size(), 1U);
}

TEST(JudgeTest, LooksIntoFiles) {
  auto scenario = scenario_of("monitor", {.codes = {0}});
  scenario.then = {{.kind = Condition::Kind::file, .subject = "/a", .text = "x"},
                   {.kind = Condition::Kind::file, .subject = "/a", .owner = "root:root"},
                   {.kind = Condition::Kind::file, .subject = "/a", .mode = 0600},
                   {.kind = Condition::Kind::file, .subject = "/a", .pid_of = "one"},
                   {.kind = Condition::Kind::empty, .subject = "/tmp"}};
  auto evidence = evidence_of({.code = 0}, {12});
  evidence.servers["one"] = {.main_process = 12};
  evidence.files["/a"] = {.text = "13\n", .owner = "0:5", .mode = 0644};
  evidence.files["/tmp"] = {};
  EXPECT_THAT(judge(scenario, evidence),
              ElementsAre(Field(&Finding::expected, "/a with \"x\""),
                          Field(&Finding::expected, "/a owned by root:root"),
                          Field(&Finding::expected, "/a with mode 600"),
                          Field(&Finding::expected, "/a with the PID of one, 12"),
                          Field(&Finding::expected, "an empty directory /tmp")));
  evidence.files["/a"] = {.text = "12\n"};
  evidence.files["/tmp"] = {.is_empty = true};
  scenario.then = {scenario.then.at(3), scenario.then.at(4)};
  EXPECT_THAT(judge(scenario, evidence), IsEmpty());
}

TEST(JudgeTest, LooksAtServers) {
  auto scenario = scenario_of("monitor", {.codes = {0}});
  scenario.then = {{.kind = Condition::Kind::processes_of, .subject = "one", .run_as = "a:b"},
                   {.kind = Condition::Kind::processes_of,
                    .subject = "one",
                    .arguments = std::vector<std::string>{"-m", "64"}}};
  auto evidence = evidence_of({.code = 0}, {12});
  EXPECT_EQ(judge(scenario, evidence).size(), 2U) << "there is no server";
  evidence.servers["one"] = {.arguments = {"-m", "64", "-M"}, .accounts = {"a:b", "0:0"}};
  EXPECT_THAT(judge(scenario, evidence), ElementsAre(Field(&Finding::seen, "0:0, a:b"),
                                                     Field(&Finding::seen, HasSubstr("-M"))));
  evidence.servers["one"] = {.arguments = {"kamailio", "-m", "64"}, .accounts = {"a:b"}};
  EXPECT_THAT(judge(scenario, evidence), IsEmpty());
}

TEST(JudgeTest, FindsWhatMustNotBeLogged) {
  EXPECT_THAT(rules(judge(scenario_of("monitor", {.codes = {0}, .logs_not = {"shm"}}),
                          evidence_of({.code = 0, .log = {"no shmmem"}}))),
              ElementsAre("forbidden text in the log"));
}

TEST(JudgeTest, LooksAtTheEndOnlyIfThatWasReached) {
  auto scenario = scenario_of("stop", {.codes = {0}});
  scenario.then = {{.kind = Condition::Kind::file, .subject = "/run/nothing"}};
  auto evidence = evidence_of({.code = 0});
  EXPECT_THAT(rules(judge(scenario, evidence)), ElementsAre("the condition at the end"));
  evidence.trouble = "cannot remove /nowhere: no such file";
  EXPECT_THAT(judge(scenario, evidence), IsEmpty());
}

TEST(JudgeTest, AFailureWithoutAReasonIsFoundOnce) {
  EXPECT_THAT(rules(judge(scenario_of("start", {.codes = {1}, .says = {"port"}}),
                          evidence_of({.code = 1}))),
              ElementsAre("a failure has an exit reason"));
  EXPECT_THAT(rules(judge(scenario_of("start", {.codes = {1}, .says = {"port"}}),
                          evidence_of({.code = 1, .timed_out = true}))),
              ElementsAre("a result before the timeout"));
}

TEST(JudgeTest, AnActionThatIsNotSupportedNeedsNoReason) {
  EXPECT_THAT(judge(scenario_of("promote", {.codes = {3}}), evidence_of({.code = 3})), IsEmpty());
}

}  // namespace
}  // namespace conformance
