#include "sim/calibration/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace calibration {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Processes children{.is = "child", .user = "root", .count = 8};
const LeftFile pid_file{.path = "/run/k.pid", .is = "file", .names = "main"};
const Endpoint port{.address = "127.0.0.1", .port = 5060};

TEST(Compare, FindsNothingIfAllIsAsRecorded) {
  const Facts facts{.ending = Exited{255},
                    .out = {{}},
                    .err = {{"*ERROR: *"}},
                    .leaves = {{children}, {pid_file}, {port}}};
  const Observation seen{.ending = Exited{255},
                         .err = {"INFO: x", " 0(7) ERROR: y"},
                         .took = 200ms,
                         .leaves = {{children}, {pid_file}, {port}}};
  EXPECT_THAT(compare(facts, seen), IsEmpty());
}

TEST(Compare, TellsAnotherEnding) {
  EXPECT_THAT(compare({.ending = Exited{0}}, {.ending = Exited{3}}),
              ElementsAre(Difference{"ending", "exit: 0", "exit: 3"}));
  EXPECT_THAT(compare({.ending = Exited{0}}, {.ending = Hangs{}}),
              ElementsAre(Difference{"ending", "exit: 0", "hangs: true"}));
  EXPECT_THAT(compare({.ending = Hangs{}}, {.ending = Killed{9}}),
              ElementsAre(Difference{"ending", "hangs: true", "killed_by: KILL"}));
}

TEST(Compare, TakesARecordedAnswerForAPattern) {
  const Observation seen{.ending = Answered{"SIP/2.0 200 OK"}};
  EXPECT_THAT(compare({.ending = Answered{"SIP/2.0 200 *"}}, seen), IsEmpty());
  EXPECT_THAT(
      compare({.ending = Answered{"nothing"}}, seen),
      ElementsAre(Difference{"ending", R"(answer: "nothing")", R"(answer: "SIP/2.0 200 OK")"}));
}

TEST(Compare, TellsTheLineThatIsMissing) {
  EXPECT_THAT(compare({.out = {{"a", "b"}}}, {.out = {"a", "c"}}),
              ElementsAre(Difference{"out", "b", "a\nc"}));
}

TEST(Compare, TellsLinesWhereNoneAreRecorded) {
  EXPECT_THAT(compare({.err = {{}}}, {.err = {"a"}}),
              ElementsAre(Difference{"err", "nothing", "a"}));
}

TEST(Compare, DoesNotMindLinesOfWhichNothingIsRecorded) {
  EXPECT_THAT(compare({}, {.out = {"a"}, .err = {"b"}}), IsEmpty());
}

TEST(Compare, TellsATimeOutsideTheRange) {
  EXPECT_THAT(compare({.takes = {31s, 34s}}, {.took = 35500ms}),
              ElementsAre(Difference{"takes", "31 to 34 s", "35.5 s"}));
  EXPECT_THAT(compare({.takes = {31s, 34s}}, {.took = 30s}),
              ElementsAre(Difference{"takes", "31 to 34 s", "30 s"}));
}

TEST(Compare, DoesNotMindHowLongAPlayerHasWaitedForWhatHangs) {
  EXPECT_THAT(compare({.ending = Hangs{}}, {.ending = Hangs{}, .took = 9s}), IsEmpty());
}

TEST(Compare, TellsWhatIsLeftOnOneSideOnly) {
  const Facts facts{.leaves = {.processes = {children}, .files = {pid_file}}};
  const Observation seen{.leaves = {.files = {pid_file}, .listens = {port}}};
  EXPECT_THAT(
      compare(facts, seen),
      ElementsAre(Difference{"leaves.processes", "{is: child, user: root, count: 8}", "nothing"},
                  Difference{"leaves.listens", "nothing", R"("udp:127.0.0.1:5060")"}));
}

TEST(Compare, DoesNotMindTheOrderOfWhatIsLeft) {
  const Endpoint other{.address = "127.0.0.1", .port = 5070};
  EXPECT_THAT(
      compare({.leaves = {.listens = {port, other}}}, {.leaves = {.listens = {other, port}}}),
      IsEmpty());
}

TEST(Compare, CountsWhatIsLeftTwice) {
  EXPECT_THAT(
      compare({.leaves = {.processes = {children}}},
              {.leaves = {.processes = {children, children}}}),
      ElementsAre(Difference{"leaves.processes", "nothing", "{is: child, user: root, count: 8}"}));
}

TEST(Compare, TakesTheRecordedPathOfAFileForAPattern) {
  auto recorded = pid_file;
  auto seen = pid_file;
  recorded.path = "/tmp/kamailio_receiver_*";
  seen.path = "/tmp/kamailio_receiver_77";
  EXPECT_THAT(compare({.leaves = {.files = {recorded}}}, {.leaves = {.files = {seen}}}), IsEmpty());
  seen.names = "dead";
  EXPECT_THAT(compare({.leaves = {.files = {recorded}}}, {.leaves = {.files = {seen}}}),
              ::testing::SizeIs(1));
}

}  // namespace
}  // namespace calibration
