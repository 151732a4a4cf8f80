#include "sim/worlds/builtin.h"
#include "sim/worlds/plot.h"
#include "sim/worlds/plot_player.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

namespace sim {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* instances = "instances: {one: {listen_address: 127.0.0.1}}\n";

std::string message(const std::string& text) {
  const auto plot = read_plot("w.yaml", instances + text);
  return plot ? "" : plot.error().message();
}

TEST(PlotReaderTest, ReadsAllKindsOfSteps) {
  const auto plot = read_plot("w.yaml", std::string(instances) + R"(
seed: 7
world: {kamailio: {on_sigterm: ignore}}
steps:
  - {start: one, timeout: 5s}
  - wait: 1.5s
  - {signal: STOP, to: first_child, of: one}
  - {set_clock_back: 2min}
  - {suspend: 10s}
  - {without: [/etc/kamailio/kamctlrc]}
)");
  ASSERT_TRUE(plot) << plot.error().message();
  EXPECT_EQ(plot->seed, 7U);
  EXPECT_EQ(plot->world.kamailio->at_sigterm, KamailioProfile::AtSigterm::ignore);
  ASSERT_THAT(plot->steps, SizeIs(6));
  EXPECT_EQ(std::get<CallAgent>(plot->steps[0].what).operation.timeout, std::chrono::seconds(5));
  EXPECT_EQ(std::get<Pass>(plot->steps[1].what).duration, std::chrono::milliseconds(1500));
  EXPECT_EQ(std::get<SendSignal>(plot->steps[2].what).signal, SIGSTOP);
  EXPECT_EQ(std::get<SetClock>(plot->steps[3].what).by, -std::chrono::minutes(2));
  EXPECT_EQ(std::get<Suspend>(plot->steps[4].what).duration, std::chrono::seconds(10));
  EXPECT_THAT(std::get<Change>(plot->steps[5].what).plan.without,
              ElementsAre("/etc/kamailio/kamctlrc"));
}

TEST(PlotReaderTest, NamesPlaceWordAndWhatIsAllowed) {
  EXPECT_THAT(message("steps: [{start: two}]"),
              AllOf(HasSubstr("w.yaml:2:17: "), HasSubstr("\"two\""), HasSubstr("one")));
  EXPECT_THAT(message("steps: [{begin: one}]"),
              AllOf(HasSubstr("w.yaml:2:10: "), HasSubstr("\"begin\""), HasSubstr("start")));
  EXPECT_THAT(message("steps: [{wait: soon}]"),
              AllOf(HasSubstr("w.yaml:2:16: "), HasSubstr("\"soon\""), HasSubstr("1.5s")));
  EXPECT_THAT(message("world: {kamailio: {on_sigterm: dance}}\nsteps: []"),
              AllOf(HasSubstr("w.yaml:2:32: "), HasSubstr("\"dance\""), HasSubstr("ignore")));
  EXPECT_THAT(
      message("world: {kamailio: {on_sigquit: end}}\nsteps: []"),
      AllOf(HasSubstr("w.yaml:2:20: "), HasSubstr("\"on_sigquit\""), HasSubstr("on_sigterm")));
  EXPECT_THAT(message("world: {faults: [{at: /run, error: EBADDAY}]}\nsteps: []"),
              AllOf(HasSubstr("\"EBADDAY\""), HasSubstr("EIO")));
  EXPECT_THAT(message("world: {weather: {loss: 2}}\nsteps: []"),
              AllOf(HasSubstr("\"2\""), HasSubstr("from 0 to 1")));
  EXPECT_THAT(message("steps: [{signal: STOP, of: one}]"), HasSubstr("needs to"));
  EXPECT_THAT(message("world: {servers: {two: {}}}\nsteps: []"),
              AllOf(HasSubstr("w.yaml:2:19: "), HasSubstr("\"two\""), HasSubstr("one")));
  EXPECT_THAT(message("world: {servers: all}\nsteps: []"), HasSubstr("has to be a table"));
  EXPECT_THAT(message("world: {responder: {}}\nsteps: []"), HasSubstr("\"responder\""));
  EXPECT_THAT(message("steps: [{}]"), HasSubstr("w.yaml:2:9: "));
  EXPECT_THAT(read_plot("w.yaml", "instances: one\nsteps: []").error().message(),
              HasSubstr("w.yaml:1:12: "));
  EXPECT_THAT(message("steps: {"), HasSubstr("no YAML"));
  EXPECT_THAT(message(""), HasSubstr("needs steps"));
}

// The exit codes of the agent in the order of its calls.
std::vector<int> codes_of(const Plot& plot) {
  std::vector<int> codes;
  for (const auto& step : play(plot, plot.seed).steps) {
    if (step.result) {
      codes.push_back(step.result->code);
    }
  }
  return codes;
}

TEST(PlotPlayerTest, ChangesOneProgramAndLeavesTheOthersAsTheyAre) {
  const auto plot = read_plot("w.yaml", R"(
instances: {one: {listen_address: 127.0.0.1, kamctlrc: ""}}
steps:
  - start: one
  - {sipsak: {ill: crashes}}
  - monitor: one
  - {kamailio: {end_takes: 1s}}
  - monitor: one
)");
  ASSERT_TRUE(plot) << plot.error().message();
  EXPECT_THAT(codes_of(*plot), ElementsAre(0, 1, 1));
}

class BuiltinWorldTest : public testing::TestWithParam<BuiltinWorld> {
 protected:
  [[nodiscard]] static Plot plot() {
    auto plot = read_plot(std::string(GetParam().name), std::string(GetParam().text));
    if (!plot) {
      throw std::runtime_error(plot.error().message());
    }
    return *std::move(plot);
  }
};

TEST_P(BuiltinWorldTest, SaysWhatItShows) { EXPECT_NE(plot().about, ""); }

TEST_P(BuiltinWorldTest, IsTheSameEachTimeWithTheSameSeed) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const auto first = play(plot(), seed);
    const auto second = play(plot(), seed);
    EXPECT_EQ(first.trace, second.trace);
  }
}

TEST_P(BuiltinWorldTest, HasTheAgentAnswerBeforeTheClusterKillsIt) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    for (const auto& step : play(plot(), seed).steps) {
      EXPECT_FALSE(step.result && step.result->timed_out) << step.text;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, BuiltinWorldTest,
                         testing::ValuesIn(builtin_worlds().begin(), builtin_worlds().end()),
                         [](const auto& test) {
                           std::string name(test.param.name);
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

std::vector<int> codes_of(std::string_view world) {
  const auto* const builtin = find_builtin_world(world);
  return codes_of(*read_plot(std::string(world), std::string(builtin->text)));
}

TEST(BuiltinWorldsTest, EndAsTheyAreToldTo) {
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
  EXPECT_THAT(codes_of("deaf-on-tcp"), ElementsAre(0, 0, 1));
  EXPECT_THAT(codes_of("orphans"), ElementsAre(0, 1, 0, 0, 0, 0));
  EXPECT_THAT(codes_of("clock-set-back"), ElementsAre(0, 0, 0));
  EXPECT_THAT(codes_of("lossy-network"), ElementsAre(0, 0, 0, 1));
  EXPECT_THAT(codes_of("full-disk"), ElementsAre(1, 7));
  EXPECT_THAT(codes_of("agent-killed"), ElementsAre(0, 1, 0, 7));
}

}  // namespace
}  // namespace sim
