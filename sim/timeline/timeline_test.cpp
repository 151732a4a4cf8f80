#include "sim/timeline/timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace sim {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string text_of(std::vector<Trace::Line> lines) {
  PlayedScenario played;
  played.trace = std::move(lines);
  return timeline_text(played, Colour::none);
}

Trace::Line line(int milliseconds, const std::string& who, const std::string& what) {
  return {
      .at = host::TimePoint() + std::chrono::milliseconds(milliseconds), .who = who, .what = what};
}

TEST(TimelineTest, TellsOnceWhatManyProcessesDoAtTheSameMoment) {
  EXPECT_EQ(text_of({line(1, "kamailio[7]", "stops"), line(1, "kamailio[8]", "stops"),
                     line(2, "kamailio[9]", "stops")}),
            "    0.001 s  kamailio[7]  stops (and 1 more)\n"
            "    0.002 s  kamailio[9]  stops\n");
}

TEST(TimelineTest, TellsEachCallOfAnAgentAtItsPlace) {
  const auto text = text_of({line(1, "cluster", "start one"), line(1, "agent[7]", "ERROR: no"),
                             line(1, "cluster", "start two"), line(1, "agent[8]", "ERROR: no")});
  EXPECT_LT(text.find("agent[7]"), text.find("start two"));
  EXPECT_GT(text.find("agent[8]"), text.find("start two"));
  EXPECT_THAT(text, Not(HasSubstr(" more)")));
}

TEST(TimelineTest, LeavesTheExitCodeOfTheAgentToTheCluster) {
  EXPECT_EQ(text_of({line(1, "agent[7]", "exits with 1")}), "");
}

TEST(TimelineTest, LeavesOutWhatTheHelpersOfAShellDoRight) {
  const auto text = text_of(
      {line(1, "agent[7]", "starts sipsak[8]: sipsak -v"), line(2, "sipsak[8]", "exits with 0"),
       line(2, "awk[9]", "exits with 0"), line(2, "sed[10]", "exits with 1")});
  EXPECT_THAT(text, HasSubstr("sipsak[8]  exits with 0"));
  EXPECT_THAT(text, Not(HasSubstr("awk")));
  EXPECT_THAT(text, HasSubstr("sed[10]    exits with 1"));
}

TEST(TimelineTest, TellsNothingBeforeItsCause) {
  const auto text = text_of({line(1, "kamailio[7]", "stops"), line(1, "somebody", "signal STOP"),
                             line(1, "kamailio[8]", "stops")});
  EXPECT_GT(text.find("kamailio[8]"), text.find("somebody"));
}

TEST(TimelineTest, TellsOnceWhatIsDoneAgainAndAgain) {
  EXPECT_EQ(text_of({line(1000, "agent[7]", "SIGTERM to kamailio[8]"),
                     line(2000, "agent[7]", "SIGTERM to kamailio[8]"),
                     line(3000, "agent[7]", "SIGTERM to kamailio[8]")}),
            "    1.000 s  agent[7]  SIGTERM to kamailio[8], repeated 2 times within 2.000 s\n");
}

}  // namespace
}  // namespace sim
