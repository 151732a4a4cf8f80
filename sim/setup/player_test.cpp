#include "sim/setup/player.h"

#include "sim/setup/builtin.h"
#include "sim/setup/scenario.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace sim {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* one = "instances: {one: {listen_address: 127.0.0.1, kamctlrc: \"\"}}\n";

Scenario scenario_of(const std::string& text) {
  auto scenario = read_scenario("w.yaml", one + text);
  if (!scenario) {
    throw std::runtime_error(scenario.error().message());
  }
  return *std::move(scenario);
}

// The exit codes of the agent in the order of its calls.
std::vector<int> codes_of(const Scenario& scenario) {
  std::vector<int> codes;
  for (const auto& step : play(scenario, scenario.seed).steps) {
    if (step.result) {
      codes.push_back(step.result->code);
    }
  }
  return codes;
}

TEST(ScenarioPlayerTest, ChangesOneProgramAndLeavesTheOthersAsTheyAre) {
  EXPECT_THAT(codes_of(scenario_of(R"(
steps:
  - start: one
  - {sipsak: {ill: crashes}}
  - monitor: one
  - {kamailio: {end_takes: 1s}}
  - monitor: one
)")),
              ElementsAre(0, 1, 1));
}

TEST(ScenarioPlayerTest, ChangesAServerThatRuns) {
  for (const std::string which : {"kamailio: ", "servers: {one: "}) {
    const std::string end = which.ends_with("one: ") ? "}" : "";
    const auto scenario = scenario_of("steps:\n  - start: one\n  - " + which + "{deaf: [tcp]}" +
                                      end + "\n  - {monitor: one, timeout: 4s}\n  - " + which +
                                      "{deaf: []}" + end + "\n  - monitor: one\n");
    EXPECT_THAT(codes_of(scenario), ElementsAre(0, 1, 0)) << which;
  }
}

TEST(ScenarioPlayerTest, HasAServerIgnoreSigtermFromTheMomentOn) {
  const auto played = play(scenario_of(R"(
steps:
  - start: one
  - kamailio: {on_sigterm: ignore}
  - stop: one
)"),
                           1);
  EXPECT_GT(played.steps.at(2).result->took, std::chrono::seconds(1));
}

TEST(ScenarioPlayerTest, LeavesAnOptionThatALaterStepDoesNotName) {
  const auto played = play(scenario_of(R"(
setup:
  kamailio: {on_sigterm: ignore}
  servers: {one: {free_memory: 50}}
steps:
  - start: one
  - kamailio: {free_memory: 60}
  - stop: one
)"),
                           1);
  EXPECT_GT(played.steps.at(2).result->took, std::chrono::seconds(1));
}

TEST(ScenarioPlayerTest, HasOnlyTheFaultsOfTheLastStepThatNamesThem) {
  EXPECT_THAT(codes_of(scenario_of(R"(
steps:
  - start: one
  - faults: [{at: /etc/kamailio/kamailio.cfg, error: EIO}]
  - validate-all: one
  - faults: []
  - validate-all: one
)")),
              ElementsAre(0, 1, 0));
}

TEST(ScenarioPlayerTest, CallsTheAgentWithUpdatedParameters) {
  EXPECT_THAT(codes_of(scenario_of(R"(
steps:
  - start: one
  - update: {one: {probe: builtin, probe_accept: "404"}}
  - reload-agent: one
  - monitor: one
)")),
              ElementsAre(0, 0, 1));
}

TEST(ScenarioPlayerTest, PutsFilesOfAllKindsThere) {
  ScenarioPlayer player(scenario_of(R"(
setup:
  files:
    /opt/kamailio: {copy_of: /usr/sbin/kamailio}
    /run/link: {link_to: /opt, owner: "kamailio:kamailio"}
    /run/a: text
    /run/directory: {kind: directory, mode: "0700"}
    /run/fifo: {kind: fifo}
steps: [{wait: 1s}]
)")
                            .setup,
                        {}, 1);
  const auto& files = player.node().machine().files;
  EXPECT_EQ(files.lstat("/run/link", {})->type, Inode::Type::symbolic_link);
  EXPECT_NE(files.lstat("/run/link", {})->owner.user, 0U);
  EXPECT_EQ(files.lstat("/run/directory", {})->mode, 0700U);
  EXPECT_EQ(files.lstat("/run/fifo", {})->type, Inode::Type::fifo);
}

TEST(ScenarioPlayerTest, ACopyOfAProgramIsThatProgram) {
  EXPECT_THAT(codes_of(scenario_of(R"(
setup: {files: {/opt/kamailio: {copy_of: /usr/sbin/kamailio}}}
steps:
  - {without: [/usr/sbin/kamailio]}
  - update: {one: {binary: /opt/kamailio}}
  - start: one
  - files: {/opt/kamailio: {copy_of: /opt/kamailio}}
  - monitor: one
  - stop: one
  - start: one
)")),
              ElementsAre(0, 0, 0, 0));
  const auto played =
      play(scenario_of("setup: {files: {/a: {copy_of: /b}}}\nsteps: [{wait: 1s}]"), 1);
  ASSERT_TRUE(played.stopped);
  EXPECT_THAT(played.stopped->text, HasSubstr("cannot copy /b"));
}

constexpr const char* server_of_one =
    "[/usr/sbin/kamailio, -P, /var/run/kamailio_one/kamailio.pid]";

TEST(ScenarioPlayerTest, AStrangerIsNoProcessOfAnInstanceWhateverItsArgumentsSay) {
  ScenarioPlayer player(
      scenario_of(std::string("setup:\n  strangers:\n    - {arguments: ") + server_of_one +
                  "}\n    - {arguments: " + server_of_one + ", of: one}\nsteps: [{wait: 1s}]\n")
          .setup,
      scenario_of("steps: [{wait: 1s}]").instances, 1);
  EXPECT_THAT(player.node().processes_of({.name = "one"}), ElementsAre(101));
}

TEST(ScenarioPlayerTest, AStrangerEndsAndIsExitingAsLongAsItIsTold) {
  const auto played = play(scenario_of(std::string("setup:\n  strangers:\n    - {arguments: ") +
                                       server_of_one + R"(, ends_after: 1s, exits_for: 2s}
steps:
  - {stop: one, timeout: 20s}
  - wait: 2s
  - monitor: one
)"),
                           1);
  EXPECT_EQ(played.steps.at(2).result->code, 7);
}

TEST(ScenarioPlayerTest, AStrangerInAContainerIsNotSeenAndOneInAPidNamespaceBelowIs) {
  for (const auto& [place, code] : {std::pair{"container", 7}, {"pid_namespace", 1}}) {
    EXPECT_THAT(
        codes_of(scenario_of(std::string("setup:\n  strangers:\n    - {arguments: ") +
                             server_of_one + ", in: " + place + "}\nsteps: [{monitor: one}]\n")),
        ElementsAre(code))
        << place;
  }
}

TEST(ScenarioPlayerTest, AStrangerWithAUdpPortIsARivalThere) {
  for (const auto& [port, code] : {std::pair{"5060", 190}, {"5061", 0}}) {
    EXPECT_THAT(
        codes_of(scenario_of(
            std::string("steps:\n  - start: one\n  - strangers: [{arguments: [thief], udp_port: ") +
            port + "}]\n  - monitor: one\n")),
        ElementsAre(0, code))
        << port;
  }
}

TEST(ScenarioPlayerTest, ProcessesOfAnInstanceThatExitAreThereUntilTheyHaveExited) {
  ScenarioPlayer player({}, scenario_of("steps: [{wait: 1s}]").instances, 1);
  const auto steps = scenario_of(R"(
steps:
  - start: one
  - exits_for: {one: 3s}
  - {signal: KILL, to: all, of: one}
  - wait: 2s
  - wait: 2s
)")
                         .steps;
  for (const auto& step : std::span(steps).first(4)) {
    (void)player.play(step);
  }
  EXPECT_FALSE(player.node().processes_of({.name = "one"}).empty());
  (void)player.play(steps.back());
  EXPECT_TRUE(player.node().processes_of({.name = "one"}).empty());
}

TEST(ScenarioPlayerTest, TheProcessTableFailsAsOftenAsItIsTold) {
  const std::string monitored = "\n  - monitor: one\n  - process_table: {}\n  - monitor: one\n";
  EXPECT_THAT(
      codes_of(scenario_of("steps:\n  - process_table: {error: EIO, times: 2}" + monitored)),
      ElementsAre(7, 7));
  EXPECT_THAT(codes_of(scenario_of("steps:\n  - process_table: {error: EIO}" + monitored)),
              ElementsAre(1, 7));
}

TEST(ScenarioPlayerTest, AFaultStrikesAsOftenAsItIsTold) {
  EXPECT_THAT(codes_of(scenario_of(R"(
steps:
  - start: one
  - faults: [{at: /etc/kamailio/kamailio.cfg, call: access, error: EIO, times: 1}]
  - validate-all: one
  - validate-all: one
  - faults: []
  - validate-all: one
)")),
              ElementsAre(0, 1, 0, 0));
}

// Plays two monitors of a server that is watched for 3 s. The second one has these keys. If it
// recurs, it waits.
PlayedScenario play_second_monitor(const std::string& keys) {
  return play(scenario_of(R"(
steps:
  - update: {one: {probe: builtin, probe_timeout: 2s, watch: 3s}}
  - start: one
  - {monitor: one, interval: 1s}
  - wait: 1s
  - {monitor: one, )" + keys +
                          "}\n"),
              1);
}

TEST(ScenarioPlayerTest, CallsARecurringMonitorWithItsIntervalAndAProbeWithNone) {
  const auto recurring = play_second_monitor("interval: 1s").steps.back().result;
  EXPECT_EQ(recurring->code, 0);
  EXPECT_GE(recurring->took, std::chrono::seconds(3));
  const auto probe = play_second_monitor("interval: 0s").steps.back().result;
  EXPECT_EQ(probe->code, 0);
  EXPECT_LT(probe->took, std::chrono::seconds(1));
}

TEST(ScenarioPlayerTest, SendsASignalAtItsTimeWhileTheAgentRuns) {
  const auto played = play_second_monitor(
      "interval: 1s, meanwhile: [{after: 700ms, signal: KILL, to: all, of: one}]");
  ASSERT_FALSE(played.stopped) << played.stopped->text;
  const auto& monitor = *played.steps.back().result;
  EXPECT_EQ(monitor.code, 7);
  EXPECT_GE(monitor.took, std::chrono::milliseconds(700));
  EXPECT_LT(monitor.took, std::chrono::milliseconds(800));
}

TEST(ScenarioPlayerTest, ChangesTheSetupAtItsTimeWhileTheAgentRuns) {
  const auto played = play_second_monitor(
      "interval: 1s, meanwhile: [{after: 700ms, without: [/run/kamailio_one/kamailio.pid]}]");
  ASSERT_FALSE(played.stopped) << played.stopped->text;
  const auto& monitor = *played.steps.back().result;
  EXPECT_EQ(monitor.code, 190);
  EXPECT_GE(monitor.took, std::chrono::milliseconds(700));
  EXPECT_LT(monitor.took, std::chrono::seconds(2));
}

TEST(ScenarioPlayerTest, StopsIfTheAgentEndsBeforeWhatHasToHappen) {
  const auto played = play_second_monitor(
      "interval: 1s, meanwhile: [{after: 20s, signal: KILL, to: all, of: one}]");
  ASSERT_TRUE(played.stopped);
  EXPECT_EQ(played.stopped->text,
            "the agent ended before this could happen: signal KILL, to all, of one");
  EXPECT_EQ(played.stopped->place.line, 8);
  EXPECT_THAT(played.steps, SizeIs(4));
}

TEST(ScenarioPlayerTest, StopsIfAChangeIsImpossibleWhileTheAgentRuns) {
  const auto played =
      play_second_monitor("interval: 1s, meanwhile: [{after: 700ms, without: [/nowhere]}]");
  ASSERT_TRUE(played.stopped);
  EXPECT_EQ(played.stopped->text, "cannot remove /nowhere: no such file");
  EXPECT_EQ(played.stopped->place.line, 8);
  EXPECT_THAT(played.steps, SizeIs(4));
}

TEST(ScenarioPlayerTest, RunsProgramsAndAsksServersWithoutTheAgent) {
  const auto scenario = read_scenario("s.yaml", R"(
steps:
  - run: [kamailio, -P, /run/kamailio/kamailio.pid, -f, /etc/kamailio/kamailio.cfg, -l, "udp:127.0.0.1:5060"]
  - ask: "udp:127.0.0.1:5060"
  - {signal: KILL, to: all}
  - ask: "udp:127.0.0.1:5060"
  - {run: [kamctl, monitor, "1"], as: nobody}
)");
  ASSERT_TRUE(scenario) << scenario.error().message();
  ScenarioPlayer player(scenario->setup, scenario->instances, 1);
  std::vector<StepResult> results;
  for (const auto& step : scenario->steps) {
    results.push_back(player.play(step));
  }
  EXPECT_EQ(std::get<ProgramEnd>(results[0]).status, (WaitStatus{.value = 0}));
  EXPECT_EQ(std::get<SipLine>(results[1]).line, "SIP/2.0 200 Kamailio is alive");
  EXPECT_EQ(std::get<SipLine>(results[3]).line, "refused");
  EXPECT_EQ(std::get<ProgramEnd>(results[4]).status, (WaitStatus{.value = 1}));
  EXPECT_THAT(player.programs().out(), HasSubstr("ERROR"));
}

TEST(ScenarioPlayerTest, ARespondingServerIsNoKamailio) {
  const auto scenario = read_scenario("s.yaml", R"(
setup: {responders: {"udp:127.0.0.1:5070": {replies: [{code: 503}]}}}
steps:
  - ask: "udp:127.0.0.1:5070"
)");
  ASSERT_TRUE(scenario) << scenario.error().message();
  ScenarioPlayer player(scenario->setup, {}, 1);
  EXPECT_EQ(std::get<SipLine>(player.play(scenario->steps[0])).line,
            "SIP/2.0 503 Service Unavailable");
}

TEST(ScenarioPlayerTest, AProgramThatIsMissingStopsAtItsStep) {
  const auto scenario = read_scenario("s.yaml", "steps:\n  - wait: 1s\n  - run: [kamalio]\n");
  ASSERT_TRUE(scenario) << scenario.error().message();
  const auto played = play(*scenario, 1);
  ASSERT_TRUE(played.stopped);
  EXPECT_EQ(played.stopped->place.line, 3);
  EXPECT_THAT(played.stopped->text, HasSubstr("kamalio: not found in /usr/sbin and /usr/bin"));
  EXPECT_EQ(played.steps.size(), 1U);
}

TEST(ScenarioPlayerTest, SaysAtWhichStepItHadToStopAndWhatWasBeforeIt) {
  const auto played = play(scenario_of("steps:\n  - start: one\n  - without: [/nowhere]\n"), 1);
  ASSERT_TRUE(played.stopped);
  EXPECT_EQ(played.stopped->place.line, 4);
  EXPECT_THAT(played.stopped->text, HasSubstr("/nowhere"));
  EXPECT_THAT(played.steps, SizeIs(1));
  EXPECT_FALSE(played.trace.empty());
}

class BuiltinExampleTest : public testing::TestWithParam<BuiltinExample> {
 protected:
  [[nodiscard]] static Scenario scenario() {
    auto scenario = read_scenario(std::string(GetParam().name), std::string(GetParam().text));
    if (!scenario) {
      throw std::runtime_error(scenario.error().message());
    }
    return *std::move(scenario);
  }
};

TEST_P(BuiltinExampleTest, SaysWhatItShows) { EXPECT_NE(scenario().claim, ""); }

TEST_P(BuiltinExampleTest, IsTheSameEachTimeWithTheSameSeed) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const auto first = play(scenario(), seed);
    const auto second = play(scenario(), seed);
    EXPECT_EQ(first.trace, second.trace);
  }
}

TEST_P(BuiltinExampleTest, HasTheAgentAnswerBeforeTheClusterKillsIt) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const auto played = play(scenario(), seed);
    EXPECT_FALSE(played.stopped);
    for (const auto& step : played.steps) {
      EXPECT_FALSE(step.result && step.result->timed_out) << step.text;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, BuiltinExampleTest,
                         testing::ValuesIn(builtin_examples().begin(), builtin_examples().end()),
                         [](const auto& test) {
                           std::string name(test.param.name);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

std::vector<int> codes_of(std::string_view name) {
  const auto* const builtin = find_builtin_example(name);
  return codes_of(*read_scenario(std::string(name), std::string(builtin->text)));
}

TEST(BuiltinExamplesTest, EndAsTheyAreToldTo) {
  EXPECT_THAT(codes_of("healthy"), ElementsAre(7, 0, 0, 0, 7));
  EXPECT_THAT(codes_of("three-instances"), ElementsAre(0, 0, 0, 0, 1, 0, 0, 0, 0));
  EXPECT_THAT(codes_of("missing-kamctlrc"), ElementsAre(5, 5));
  EXPECT_THAT(codes_of("empty-kamctlrc"), ElementsAre(0, 0, 0));
  EXPECT_THAT(codes_of("ignores-sigterm"), ElementsAre(0, 0, 7));
  EXPECT_THAT(codes_of("ends-just-in-time"), ElementsAre(0, 0));
  EXPECT_THAT(codes_of("cannot-be-killed"), ElementsAre(0, 1, 1));
  EXPECT_THAT(codes_of("never-ready"), ElementsAre(1, 0));
  EXPECT_THAT(codes_of("crashes-after-daemonising"), ElementsAre(1, 7));
  EXPECT_THAT(codes_of("frozen"), ElementsAre(0, 0, 1, 0, 0, 0));
  EXPECT_THAT(codes_of("deaf-on-tcp"), ElementsAre(0, 1, 0));
  EXPECT_THAT(codes_of("orphans"), ElementsAre(0, 1, 0, 0, 0, 0));
  EXPECT_THAT(codes_of("clock-set-back"), ElementsAre(0, 0, 0));
  EXPECT_THAT(codes_of("lossy-network"), ElementsAre(0, 0, 0, 1));
  EXPECT_THAT(codes_of("full-disk"), ElementsAre(1, 7));
  EXPECT_THAT(codes_of("agent-killed"), ElementsAre(0, 1, 0, 7));
}

}  // namespace
}  // namespace sim
