#include "conformance/report/page/events.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace conformance {
namespace {

using std::chrono::milliseconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;

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

}  // namespace
}  // namespace conformance
