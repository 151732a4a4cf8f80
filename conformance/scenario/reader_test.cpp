#include "conformance/scenario/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace conformance {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* head = "topic: T\nscenarios:\n";
constexpr const char* one = R"(  - id: one-stops
    claim: It stops
    rests_on: [ocf.stop]
    instances: {one: {listen_address: 127.0.0.1}}
)";

auto read(const std::string& text) {
  return read_scenarios("s.yaml", text, [](const std::string& id) { return id == "ocf.stop"; });
}

std::vector<Scenario> scenarios(const std::string& rest) {
  auto all = read(std::string(head) + one + rest);
  if (!all) {
    throw std::runtime_error(all.error().message());
  }
  return *std::move(all);
}

std::string message(const std::string& rest) {
  const auto all = read(std::string(head) + one + rest);
  return all ? "" : all.error().message();
}

std::vector<std::string> names(const std::vector<Scenario>& all) {
  std::vector<std::string> found;
  for (const auto& scenario : all) {
    found.push_back(scenario.name());
  }
  return found;
}

TEST(ScenarioReaderTest, ReadsWhatACallHasToComeTo) {
  const auto all = scenarios(R"(    steps:
      - {stop: one, timeout: 10s, expect: [success, degraded], within: 9s, not_before: 1s,
         says: gone, logs: [a, b], logs_not: c, sends: [TERM, KILL]}
)");
  const auto& expects = all.at(0).steps.at(0).expects;
  EXPECT_THAT(expects.codes, ElementsAre(0, 190));
  EXPECT_EQ(expects.within, std::chrono::seconds(9));
  EXPECT_EQ(expects.not_before, std::chrono::seconds(1));
  EXPECT_THAT(expects.says, ElementsAre("gone"));
  EXPECT_THAT(expects.logs, ElementsAre("a", "b"));
  EXPECT_THAT(expects.logs_not, ElementsAre("c"));
  EXPECT_THAT(*expects.sends, ElementsAre(SIGTERM, SIGKILL));
}

TEST(ScenarioReaderTest, ReadsWhatHasToHoldAtTheEnd) {
  const auto all = scenarios(R"(    steps: [{start: one, expect: success}]
    then:
      - {processes_of: one, run_as: "kamailio:root", arguments: [-m, 64]}
      - {file: /run/a, text: "", owner: "root:root", mode: "0600"}
      - {file: /run/b, pid_of: one}
      - empty: /tmp
)");
  const auto& then = all.at(0).then;
  EXPECT_EQ(then.at(0).run_as, "kamailio:root");
  EXPECT_THAT(*then.at(0).arguments, ElementsAre("-m", "64"));
  EXPECT_EQ(then.at(1).text, "");
  EXPECT_EQ(then.at(1).owner, "root:root");
  EXPECT_EQ(then.at(1).mode, 0600U);
  EXPECT_EQ(then.at(2).pid_of, "one");
  EXPECT_EQ(then.at(3).kind, Condition::Kind::empty);
}

TEST(ScenarioReaderTest, RefusesWhatNoConditionAsksFor) {
  const std::string steps = "    steps: [{stop: one, expect: success}]\n";
  EXPECT_THAT(message(steps + "    then: [{file: /run/a, run_as: \"root:root\"}]\n"),
              HasSubstr("\"run_as\""));
  EXPECT_THAT(message(steps + "    then: [{processes_of: one, run_as: root}]\n"),
              HasSubstr("USER:GROUP"));
  EXPECT_THAT(message(steps + "    then: [{file: /run/a, pid_of: two}]\n"), HasSubstr("\"two\""));
}

TEST(ScenarioReaderTest, PlaysEachScenarioWithEachProbe) {
  const std::string steps = "    steps: [{stop: one, expect: success}]\n";
  EXPECT_THAT(names(scenarios(steps)), ElementsAre("one-stops/sipsak", "one-stops/builtin"));
  EXPECT_THAT(names(scenarios(steps + "    probes: [builtin]\n")),
              ElementsAre("one-stops/builtin"));
}

TEST(ScenarioReaderTest, MakesEveryCombinationOfATable) {
  const auto all = scenarios(R"(    variants: {timeout: [5s, 10s], proto: [udp, tcp]}
    probes: [builtin]
    steps: [{stop: one, timeout: $timeout, expect: success, says: "$proto over $proto"}]
)");
  EXPECT_THAT(names(all), ElementsAre("one-stops/5s/udp/builtin", "one-stops/5s/tcp/builtin",
                                      "one-stops/10s/udp/builtin", "one-stops/10s/tcp/builtin"));
  EXPECT_THAT(all.at(1).steps.at(0).expects.says, ElementsAre("tcp over tcp"));
  EXPECT_EQ(std::get<sim::CallAgent>(all.at(2).steps.at(0).what.what).operation.timeout,
            std::chrono::seconds(10));
}

TEST(ScenarioReaderTest, TakesRowsAsTheyAre) {
  EXPECT_THAT(names(scenarios(R"(    variants:
      - {timeout: 5s, within: 4s}
      - {called: long, timeout: 60s, within: 54s}
    probes: [builtin]
    steps: [{stop: one, timeout: $timeout, within: $within, expect: success}]
)")),
              ElementsAre("one-stops/5s/builtin", "one-stops/long/builtin"));
}

TEST(ScenarioReaderTest, NamesPlaceWordAndWhatIsAllowed) {
  EXPECT_THAT(message("    steps: [{stop: one, expect: fine}]\n"),
              AllOf(HasSubstr("s.yaml:7:33: "), HasSubstr("\"fine\""), HasSubstr("not_running")));
  EXPECT_THAT(message("    steps: [{stop: two, expect: success}]\n"), HasSubstr("\"two\""));
  EXPECT_THAT(message("    steps: [{wait: 1s, expect: success}]\n"),
              HasSubstr("only a step that calls"));
  EXPECT_THAT(
      message("    steps: [{stop: one, expects: success}]\n"),
      AllOf(HasSubstr("\"expects\""), HasSubstr("killed_after"), HasSubstr("expect, within")));
  EXPECT_THAT(message("    steps: [{stop: one}]\n"), HasSubstr("the scenario expects nothing"));
  EXPECT_THAT(message("    steps: [{stop: one, expect: success}]\n    then: [{nothing: one}]\n"),
              AllOf(HasSubstr("\"nothing\""), HasSubstr("no_process_of")));
  EXPECT_THAT(message("    steps: [{stop: one, expect: success}]\n    then: [{no_file: run/a}]\n"),
              AllOf(HasSubstr("\"run/a\""), HasSubstr("absolute")));
  EXPECT_THAT(message("    variants: {port: [1]}\n    steps: [{stop: one, expect: success}]\n"),
              HasSubstr("unused variable $port"));
}

TEST(ScenarioReaderTest, RefusesARequirementThatNobodyHas) {
  const auto all = read("topic: T\nscenarios: [{id: a, claim: b, rests_on: [ocf.fly]}]\n");
  EXPECT_THAT(all.error().message(), HasSubstr("\"ocf.fly\""));
}

TEST(ScenarioReaderTest, RefusesTwoScenariosOfOneName) {
  const std::string steps = "    steps: [{stop: one, expect: success}]\n";
  EXPECT_THAT(message(steps + one + steps), HasSubstr("duplicate scenario one-stops"));
}

TEST(ScenarioReaderTest, KnowsTheLineOfEachStep) {
  const auto all = scenarios(
      "    steps:\n"
      "      - {start: one, expect: success}\n"
      "      - {stop: one, expect: success}\n"
      "    then: [no_process_of: one]\n");
  EXPECT_EQ(all.at(0).steps.at(1).what.place.line, 9);
  EXPECT_EQ(all.at(0).then.at(0).place.line, 10);
}

TEST(ScenarioReaderTest, RefusesAnIdThatIsNoWord) {
  EXPECT_EQ(
      message("    steps: [{stop: one, expect: success}]\n"
              "  - id: One stops\n"
              "    claim: It stops\n"
              "    rests_on: [ocf.stop]\n"
              "    instances: {one: {listen_address: 127.0.0.1}}\n"
              "    steps: [{stop: one, expect: success}]\n"),
      "s.yaml:8:9: invalid id \"One stops\": expected lower case letters, digits and hyphens");
}

// Its steps begin on line 7 of the file.
auto read_recording(const std::string& steps) {
  return read(
      "topic: T\nmeasured_with: a program\nscenarios:\n  - id: a\n    claim: b\n    steps:\n" +
      steps);
}

Step last_step(const std::string& steps) {
  const auto all = read_recording(steps);
  if (!all) {
    throw std::runtime_error(all.error().message());
  }
  return all->at(0).steps.back();
}

std::string message_of_recording(const std::string& step) {
  const auto all = read_recording("      - {" + step + "}\n");
  return all ? "" : all.error().message();
}

TEST(RecordingReaderTest, ReadsARunAndItsFacts) {
  const auto step = last_step(
      "      - run: [kamailio, -f, /etc/kamailio/kamailio.cfg]\n"
      "        as: nobody\n"
      "        environment: {HOME: /run/home}\n"
      "        for: 2.5s\n"
      "        exit: 255\n"
      "        out: []\n"
      "        err: ['*in use']\n"
      "        takes: [31s, 34s]\n");
  const auto& run = std::get<sim::RunProgram>(step.what.what);
  EXPECT_THAT(run.arguments, ElementsAre("kamailio", "-f", "/etc/kamailio/kamailio.cfg"));
  EXPECT_EQ(run.user, "nobody");
  EXPECT_EQ(run.environment.at("HOME"), "/run/home");
  EXPECT_EQ(run.lasts, std::chrono::milliseconds(2500));
  EXPECT_EQ(step.facts.ending, Ending(Exited{255}));
  EXPECT_THAT(step.facts.out, testing::Optional(testing::IsEmpty()));
  EXPECT_THAT(step.facts.err, testing::Optional(ElementsAre("*in use")));
  EXPECT_EQ(step.facts.takes,
            (TimeRange{.least = std::chrono::seconds(31), .most = std::chrono::seconds(34)}));
  EXPECT_EQ(step.facts.leaves, std::nullopt);
  EXPECT_EQ(step.fact_lines.begin, 11);
  EXPECT_EQ(step.fact_lines.end, 15);
}

TEST(RecordingReaderTest, ReadsWhatIsLeft) {
  const auto step = last_step(
      "      - signal: TERM\n"
      "        to: main\n"
      "        takes: instant\n"
      "        leaves:\n"
      "          processes:\n"
      "            - {is: child, user: root, stopped: yes, count: 8}\n"
      "          files:\n"
      "            - {path: /run/k.pid, is: file, owner: \"a:b\", mode: \"0644\", names: dead}\n"
      "          listens: [\"udp:127.0.0.1:5060\"]\n");
  EXPECT_EQ(step.facts.ending, Ending());
  EXPECT_EQ(step.facts.takes, TimeRange());
  ASSERT_TRUE(step.facts.leaves);
  EXPECT_THAT(
      step.facts.leaves->processes,
      ElementsAre(LeftProcesses{.is = "child", .user = "root", .is_stopped = true, .count = 8}));
  EXPECT_THAT(
      step.facts.leaves->files,
      ElementsAre(LeftFile{
          .path = "/run/k.pid", .is = "file", .owner = "a:b", .mode = 0644, .names = "dead"}));
  EXPECT_THAT(step.facts.leaves->listens,
              ElementsAre(host::Endpoint{.address = "127.0.0.1", .port = 5060}));
}

TEST(RecordingReaderTest, FactsBelongIntoRecordings) {
  EXPECT_THAT(message("    steps: [{start: one, expect: success}, {run: [c], exit: 0}]\n"),
              HasSubstr("unexpected facts: only recordings have them"));
}

TEST(RecordingReaderTest, FactsThatAreNotLastCannotBeReplaced) {
  EXPECT_EQ(last_step("      - exit: 0\n        run: [c]\n").fact_lines.begin, 0);
}

TEST(RecordingReaderTest, NamesThePlaceTheWordAndWhatIsAllowed) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"run: c", "7:15: invalid run \"c\": expected a list"},
      {"run: []", "expected [PROGRAM, ARGUMENT, ...]"},
      {"run: [c], colour: red", "\"colour\""},
      {"run: [c], exit: ok", "\"ok\""},
      {"run: [c], exit: 0, hangs: yes", "one of exit, killed_by, hangs or answer"},
      {"run: [c], answer: nothing", "the facts of a run step need exit"},
      {"run: [c], takes: instant", "the facts of a run step need exit"},
      {"run: [c], for: 2", "\"2\""},
      {"run: [c], exit: 0, takes: soon", "expected instant"},
      {"run: [c], exit: 0, takes: [2s, 1s]", "expected the shorter time first"},
      {"run: [c], expect: success", "unexpected \"expect\": only a step that calls the agent"},
      {"ask: 127.0.0.1", "invalid address \"127.0.0.1\": expected udp:ADDRESS:PORT"},
      {"ask: \"udp:::1:5060\"", "invalid address"},
      {"ask: \"udp:127.0.0.1:5060\", exit: 0", "the facts of an ask step need answer"},
      {"ask: \"udp:127.0.0.1:5060\", answer: nothing, out: []", "only a run step prints"},
      {"signal: TERM, to: all, err: []", "only a run step prints"},
      {"signal: SIGTERM, to: main", "\"SIGTERM\""},
      {"signal: TERM, to: everybody", "\"everybody\""},
      {"signal: TERM, to: all, exit: 0", "in a signal step: expected takes or leaves"},
      {"files: {/run/a: {text_of: nowhere.cfg}}", "cannot read text_of nowhere.cfg: No such file"},
      {"files: {/run/a: {foreign_pid: kamailio}}", "\"kamailio\""},
      {"responders: {nowhere: {}}", "invalid address \"nowhere\""},
      {"wait: 1s", "expected run, ask or signal as the last step of a recording"},
      {"wait: 1s, exit: 0", "unexpected \"exit\": only run, ask and signal steps"},
  };
  for (const auto& [step, text] : wrong) {
    EXPECT_THAT(message_of_recording(step), AllOf(HasSubstr("s.yaml:"), HasSubstr(text))) << step;
  }
}

}  // namespace
}  // namespace conformance
