#include "conformance/report/page/chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace conformance {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(EventsTest, UnitesWhatIsSaidOfSeveralProcessesAtOnce) {
  const auto made =
      events_of({.timeline = {{milliseconds(1), "agent[9]", "SIGTERM to kamailio[2]"},
                              {milliseconds(1), "kamailio[2]", "ends by SIGTERM"},
                              {milliseconds(1), "agent[9]", "SIGTERM to kamailio[3]"},
                              {milliseconds(1), "agent[9]", "SIGTERM to kamailio[4]"},
                              {milliseconds(2), "agent[9]", "SIGTERM to kamailio[4]"},
                              {milliseconds(2), "agent[9]", "SIGKILL to kamailio[4]"}}});
  EXPECT_THAT(made.events, ElementsAre(AllOf(Field(&Event::what, "SIGTERM to kamailio[2, 3, 4]"),
                                             Field(&Event::lines, 3)),
                                       Field(&Event::what, "ends by SIGTERM"),
                                       Field(&Event::what, "SIGTERM to kamailio[4]"),
                                       Field(&Event::what, "SIGKILL to kamailio[4]")));
}

TEST(EventsTest, CountsWhatIsSaidAgain) {
  const auto made =
      events_of({.timeline = {{milliseconds(0), "a", "x"}, {milliseconds(0), "a", "x"}}});
  EXPECT_THAT(made.events, ElementsAre(AllOf(Field(&Event::what, "x"), Field(&Event::lines, 2))));
}

TEST(EventsTest, MarksTheStepInWhichSomethingWasFound) {
  const auto made =
      events_of({.findings = {{.rule = "", .step = "stop one"}, {.rule = "", .step = ""}},
                 .timeline = {{milliseconds(0), "cluster", "start one"},
                              {milliseconds(1), "cluster", "stop one"},
                              {milliseconds(2), "cluster", ""}}});
  EXPECT_THAT(made.events,
              ElementsAre(Field(&Event::is_wanting, false), Field(&Event::is_wanting, true),
                          Field(&Event::is_wanting, false)));
}

TEST(EventsTest, LeavesOutTheMiddleOfWhatIsTooLong) {
  Outcome outcome;
  for (int i = 0; i < 1000; ++i) {
    outcome.timeline.push_back({milliseconds(i), "a", "x"});
  }
  const auto made = events_of(outcome);
  EXPECT_EQ(made.events.size(), 300U);
  EXPECT_EQ(made.left_out, 700U);
  EXPECT_EQ(made.events[made.left_out_from].at, milliseconds(900));
}

Event event(int at, const std::string& who) {
  return {.at = milliseconds(at), .who = who, .what = "x"};
}

TEST(ChartTest, HasALaneForEachInTheOrderInWhichTheyCameUp) {
  const auto chart = chart_of({event(0, "cluster"), event(1, "agent[9]"), event(2, "cluster")});
  EXPECT_THAT(chart.lanes, ElementsAre(Field(&Chart::Lane::name, "cluster"),
                                       Field(&Chart::Lane::name, "agent[9]")));
  EXPECT_THAT(chart.lanes[0].marks, SizeIs(2));
}

TEST(ChartTest, LetsProcessesOfOneProgramShareALaneIfTheyAreMany) {
  std::vector<Event> events = {event(0, "cluster")};
  for (int i = 0; i < 15; ++i) {
    events.push_back(event(i, "kamailio[" + std::to_string(i) + "]"));
  }
  EXPECT_THAT(chart_of(events).lanes, ElementsAre(Field(&Chart::Lane::name, "cluster"),
                                                  Field(&Chart::Lane::name, "kamailio (15)")));
}

TEST(ChartTest, HidesNoShortStepBesideALongWait) {
  const auto chart = chart_of({event(0, "a"), event(10, "b"), event(30'000, "c")});
  // Half of the part for steps.
  EXPECT_THAT(chart.lanes[1].marks.at(0).at, DoubleNear(3 + 94 / 4.0, 0.1));
  EXPECT_THAT(chart.lanes[2].marks.at(0).at, DoubleNear(97, 0.1));
}

TEST(ChartTest, DrawsAsOneWhatIsTooClose) {
  const auto chart = chart_of({event(0, "a"), event(0, "a"), event(1000, "a")});
  EXPECT_THAT(chart.lanes[0].marks, ElementsAre(Field(&Chart::Mark::events, ElementsAre(0, 1)),
                                                Field(&Chart::Mark::events, ElementsAre(2))));
}

TEST(ChartTest, SaysTheTimeWithRoomBetween) {
  std::vector<Event> events;
  for (int i = 0; i <= 50; ++i) {
    events.push_back(event(i * 20, "a"));
  }
  const auto ticks = chart_of(events).ticks;
  ASSERT_THAT(ticks, SizeIs(6));
  EXPECT_EQ(ticks.front().text, "0.000 s");
  EXPECT_EQ(ticks.back().text, "1.000 s");
  for (std::size_t i = 1; i < ticks.size(); ++i) {
    EXPECT_GE(ticks[i].at - ticks[i - 1].at, 17);
  }
}

TEST(ChartTest, IsEmptyWithoutEvents) {
  EXPECT_THAT(chart_of({}).lanes, IsEmpty());
  EXPECT_THAT(chart_of({event(7, "a")}).ticks, SizeIs(1));
}

}  // namespace
}  // namespace conformance
