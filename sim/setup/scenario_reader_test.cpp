#include "sim/setup/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <string>
#include <variant>

namespace sim {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* instances = "instances: {one: {listen_address: 127.0.0.1}}\n";

std::string message(const std::string& text) {
  const auto scenario = read_scenario("w.yaml", instances + text);
  return scenario ? "" : scenario.error().message();
}

TEST(ScenarioReaderTest, ReadsAllKindsOfSteps) {
  const auto scenario = read_scenario("w.yaml", std::string(instances) + R"(
seed: 7
setup: {kamailio: {on_sigterm: ignore}}
steps:
  - {start: one, timeout: 5s}
  - wait: 1.5s
  - {signal: STOP, to: first_child, of: one}
  - {set_clock_back: 2min}
  - {suspend: 10s}
  - {without: [/etc/kamailio/kamctlrc]}
  - {update: {one: {port: 5070}}}
)");
  ASSERT_TRUE(scenario) << scenario.error().message();
  EXPECT_EQ(scenario->seed, 7U);
  Profile profile;
  scenario->setup.programs.at(0)(profile);
  EXPECT_EQ(profile.kamailio.at_sigterm, KamailioProfile::AtSigterm::ignore);
  ASSERT_THAT(scenario->steps, SizeIs(7));
  EXPECT_EQ(std::get<CallAgent>(scenario->steps[0].what).operation.timeout,
            std::chrono::seconds(5));
  EXPECT_EQ(std::get<Pass>(scenario->steps[1].what).duration, std::chrono::milliseconds(1500));
  EXPECT_EQ(std::get<SendSignal>(scenario->steps[2].what).signal, SIGSTOP);
  EXPECT_EQ(std::get<SetClock>(scenario->steps[3].what).by, -std::chrono::minutes(2));
  EXPECT_EQ(std::get<Suspend>(scenario->steps[4].what).duration, std::chrono::seconds(10));
  EXPECT_EQ(std::get<Change>(scenario->steps[5].what).setup.without.at(0).path,
            "/etc/kamailio/kamctlrc");
  EXPECT_EQ(std::get<Update>(scenario->steps[6].what).parameters.at("one").at("port"), "5070");
}

TEST(ScenarioReaderTest, ReadsWhatHappensWhileTheAgentRuns) {
  const auto scenario = read_scenario("w.yaml", std::string(instances) + R"(
steps:
  - monitor: one
    interval: 1s
    meanwhile:
      - {after: 500ms, signal: KILL, to: main, of: one}
      - {without: [/run/a], after: 2s}
)");
  ASSERT_TRUE(scenario) << scenario.error().message();
  const auto& call = std::get<CallAgent>(scenario->steps.at(0).what);
  EXPECT_EQ(call.operation.interval, std::chrono::seconds(1));
  ASSERT_THAT(call.meanwhile, SizeIs(2));
  EXPECT_EQ(call.meanwhile[0].after, std::chrono::milliseconds(500));
  EXPECT_EQ(std::get<SendSignal>(call.meanwhile[0].what).signal, SIGKILL);
  EXPECT_EQ(call.meanwhile[0].text, "signal KILL, to main, of one");
  EXPECT_EQ(call.meanwhile[1].after, std::chrono::seconds(2));
  EXPECT_EQ(std::get<Change>(call.meanwhile[1].what).setup.without.at(0).path, "/run/a");
}

std::string message_of_event(const std::string& event) {
  return message("steps: [{monitor: one, meanwhile: [" + event + "]}]");
}

TEST(ScenarioReaderTest, DemandsTheTimeOfWhatHappensWhileTheAgentRuns) {
  EXPECT_EQ(message_of_event("{signal: KILL, to: main, of: one}"),
            "w.yaml:2:36: missing \"after\": expected {after: TIME, signal: ...}");
  EXPECT_THAT(message_of_event("{after: soon, signal: KILL, to: main, of: one}"),
              AllOf(HasSubstr("w.yaml:2:44: "), HasSubstr("\"soon\"")));
}

TEST(ScenarioReaderTest, LetsOnlySignalsAndChangesHappenWhileTheAgentRuns) {
  for (const std::string event :
       {"wait: 1s", "suspend: 1s", "set_clock_back: 1s", "stop: one", "run: [kamctl]",
        "ask: \"udp:127.0.0.1:5060\"", "update: {one: {port: 5070}}"}) {
    EXPECT_EQ(message_of_event("{after: 1s, " + event + "}"),
              "w.yaml:2:36: invalid step of meanwhile: expected a signal or a change of the setup")
        << event;
  }
  EXPECT_THAT(message_of_event("{after: 1s, signal: KILL, to: main, of: one, by: pcs}"),
              HasSubstr("\"by\""));
}

TEST(ScenarioReaderTest, ReadsAllKindsOfFiles) {
  using Kind = PlacedFile::Kind;
  const auto scenario = read_scenario("w.yaml", std::string(instances) + R"(
setup:
  files:
    /a: text
    /b: {copy_of: /a}
    /c: {link_to: /a, owner: "kamailio:root"}
    /d: {kind: directory}
    /e: {kind: fifo, mode: "0666"}
steps: [{wait: 1s}]
)");
  ASSERT_TRUE(scenario) << scenario.error().message();
  const auto& files = scenario->setup.files;
  ASSERT_THAT(files, SizeIs(5));
  EXPECT_EQ(files[0].kind, Kind::text);
  EXPECT_EQ(files[1].kind, Kind::copy);
  EXPECT_EQ(files[1].source, "/a");
  EXPECT_EQ(files[1].mode, 0755U);
  EXPECT_EQ(files[2].kind, Kind::link);
  EXPECT_EQ(files[2].user, "kamailio");
  EXPECT_EQ(files[3].kind, Kind::directory);
  EXPECT_EQ(files[4].kind, Kind::fifo);
  EXPECT_EQ(files[4].mode, 0666U);
  EXPECT_THAT(message("setup: {files: {/a: {kind: socket}}}\nsteps: []"),
              AllOf(HasSubstr("\"socket\""), HasSubstr("fifo")));
  EXPECT_THAT(message("setup: {files: {/a: {text: b, link_to: /c}}}\nsteps: []"),
              HasSubstr("too many kinds of /a"));
  EXPECT_THAT(message("setup: {files: {/a: {link_to: /c, mode: \"0644\"}}}\nsteps: []"),
              HasSubstr("\"mode\""));
}

TEST(ScenarioReaderTest, NamesPlaceWordAndWhatIsAllowed) {
  EXPECT_THAT(message("steps: [{start: two}]"),
              AllOf(HasSubstr("w.yaml:2:17: "), HasSubstr("\"two\""), HasSubstr("one")));
  EXPECT_THAT(message("steps: [{begin: one}]"),
              AllOf(HasSubstr("w.yaml:2:10: "), HasSubstr("\"begin\""), HasSubstr("start")));
  EXPECT_THAT(message("steps: [{wait: soon}]"),
              AllOf(HasSubstr("w.yaml:2:16: "), HasSubstr("\"soon\""), HasSubstr("1.5s")));
  EXPECT_THAT(message("setup: {kamailio: {on_sigterm: dance}}\nsteps: []"),
              AllOf(HasSubstr("w.yaml:2:32: "), HasSubstr("\"dance\""), HasSubstr("ignore")));
  EXPECT_THAT(
      message("setup: {kamailio: {on_sigquit: end}}\nsteps: []"),
      AllOf(HasSubstr("w.yaml:2:20: "), HasSubstr("\"on_sigquit\""), HasSubstr("on_sigterm")));
  EXPECT_THAT(message("setup: {faults: [{at: /run, error: EBADDAY}]}\nsteps: []"),
              AllOf(HasSubstr("\"EBADDAY\""), HasSubstr("EIO")));
  EXPECT_THAT(message("setup: {weather: {loss: 2}}\nsteps: []"),
              AllOf(HasSubstr("\"2\""), HasSubstr("from 0 to 1")));
  EXPECT_THAT(message("steps: [{signal: STOP, of: one}]"), HasSubstr("missing key \"to\""));
  EXPECT_THAT(message("setup: {servers: {two: {}}}\nsteps: []"),
              AllOf(HasSubstr("w.yaml:2:19: "), HasSubstr("\"two\""), HasSubstr("one")));
  EXPECT_THAT(message("setup: {servers: all}\nsteps: []"), HasSubstr("expected a table"));
  EXPECT_THAT(message("setup: {responder: {}}\nsteps: []"), HasSubstr("\"responder\""));
  EXPECT_THAT(message("steps: [{}]"), HasSubstr("w.yaml:2:9: "));
  EXPECT_THAT(read_scenario("w.yaml", "instances: one\nsteps: []").error().message(),
              HasSubstr("w.yaml:1:12: "));
  EXPECT_THAT(message("steps: {"), HasSubstr("invalid YAML"));
  EXPECT_THAT(message(""), HasSubstr("missing key \"steps\""));
}

TEST(ScenarioReaderTest, KnowsTheParametersOfTheAgent) {
  EXPECT_THAT(
      read_scenario("w.yaml", "instances: {one: {prope: builtin}}\nsteps: []").error().message(),
      AllOf(HasSubstr("w.yaml:1:19: "), HasSubstr("\"prope\""), HasSubstr("probe")));
  EXPECT_THAT(message("steps: [{update: {one: {Probe: builtin}}}]"), HasSubstr("\"Probe\""));
}

TEST(ScenarioReaderTest, TakesNeverOnlyForWhatMayNeverHappen) {
  for (const std::string steps :
       {"[{wait: never}]", "[{monitor: one, timeout: never}]", "[{weather: {delay: never}}]",
        "[{kamailio: {start_takes: never}}]", "[{kamailio: {end_takes: never}}]"}) {
    EXPECT_THAT(message("steps: " + steps), HasSubstr("\"never\"")) << steps;
  }
  EXPECT_EQ(message("steps: [{kamailio: {ready_after: never}}]"), "");
}

TEST(ScenarioReaderTest, SaysWhatATimeIs) {
  EXPECT_THAT(message("steps: [{wait: 20}]"), AllOf(HasSubstr("\"20\""), HasSubstr("unit")));
  EXPECT_THAT(message("steps: [{wait: 9000h}]"), HasSubstr("at most"));
  EXPECT_EQ(message("steps: [{wait: 2h}]"), "");
}

TEST(ScenarioReaderTest, RefusesWhatWouldHaveNoEffect) {
  EXPECT_THAT(message("steps: []"), HasSubstr("at least one"));
  EXPECT_THAT(message("steps: [{start: one, check_level: 10}]"), HasSubstr("\"check_level\""));
  EXPECT_THAT(message("steps: [{stop: one, interval: 1s}]"), HasSubstr("\"interval\""));
  EXPECT_THAT(message("steps: [{wait: 3s, meanwhile: []}]"), HasSubstr("\"meanwhile\""));
  EXPECT_THAT(message("steps: [{wait: 3s, timeout: 4s}]"),
              AllOf(HasSubstr("\"timeout\""), HasSubstr("wait")));
  EXPECT_THAT(message("steps: [{stop: one, timeout: 5s, killed_after: 10s}]"),
              AllOf(HasSubstr("\"10s\""), HasSubstr("timeout")));
}

}  // namespace
}  // namespace sim
