#include "conformance/scenario/facts.h"

#include "conformance/scenario/facts_writer.h"
#include "conformance/scenario/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace conformance {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const LeftProcesses children{.is = "child", .user = "root", .count = 8};
const LeftFile pid_file{.path = "/run/k.pid", .is = "file", .names = "main"};
const host::Endpoint port{.address = "127.0.0.1", .port = 5060};

TEST(FactsTest, DifferInNothingIfAllIsAsExpected) {
  const Facts facts{.ending = Exited{255},
                    .out = {{}},
                    .err = {{"*ERROR: *"}},
                    .takes = TimeRange(),
                    .leaves = {{{children}, {pid_file}, {port}}}};
  const Observation seen{.ending = Exited{255},
                         .out = {},
                         .err = {"INFO: x", " 0(7) ERROR: y"},
                         .took = 200ms,
                         .leaves = {{children}, {pid_file}, {port}}};
  EXPECT_THAT(differences_of(facts, seen), IsEmpty());
}

TEST(FactsTest, DifferInTheEnding) {
  EXPECT_THAT(differences_of({.ending = Exited{0}}, {.ending = Exited{3}}),
              ElementsAre(Difference{"ending", "exit: 0", "exit: 3"}));
  EXPECT_THAT(differences_of({.ending = Exited{0}}, {.ending = Hangs{}}),
              ElementsAre(Difference{"ending", "exit: 0", "hangs: yes"}));
  EXPECT_THAT(differences_of({.ending = Hangs{}}, {.ending = Killed{9}}),
              ElementsAre(Difference{"ending", "hangs: yes", "killed_by: KILL"}));
}

TEST(FactsTest, TakeAnExpectedAnswerForAPattern) {
  const Observation seen{.ending = Answered{"SIP/2.0 200 OK"}};
  EXPECT_THAT(differences_of({.ending = Answered{"SIP/2.0 200 *"}}, seen), IsEmpty());
  EXPECT_THAT(
      differences_of({.ending = Answered{"nothing"}}, seen),
      ElementsAre(Difference{"ending", R"(answer: "nothing")", R"(answer: "SIP/2.0 200 OK")"}));
}

TEST(FactsTest, DifferInTheLineThatIsMissing) {
  EXPECT_THAT(differences_of({.out = {{"a", "b"}}}, {.out = {"a", "c"}}),
              ElementsAre(Difference{"out", "b", "a\nc"}));
}

TEST(FactsTest, DifferInLinesWhereNoneAreExpected) {
  EXPECT_THAT(differences_of({.err = {{}}}, {.err = {"a"}}),
              ElementsAre(Difference{"err", "nothing", "a"}));
}

TEST(FactsTest, DoNotDifferInWhatTheyLeaveOut) {
  EXPECT_THAT(differences_of({}, {.ending = Exited{3},
                                  .out = {"a"},
                                  .err = {"b"},
                                  .took = 9s,
                                  .leaves = {.listens = {port}}}),
              IsEmpty());
}

TEST(FactsTest, DifferInATimeOutsideTheRange) {
  const Facts facts{.takes = TimeRange{31s, 34s}};
  EXPECT_THAT(differences_of(facts, {.took = 35500ms}),
              ElementsAre(Difference{"takes", "[31s, 34s]", "35.5s"}));
  EXPECT_THAT(differences_of(facts, {.took = 30s}),
              ElementsAre(Difference{"takes", "[31s, 34s]", "30s"}));
}

TEST(FactsTest, DoNotDifferInHowLongAPlayerHasWaitedForWhatHangs) {
  EXPECT_THAT(
      differences_of({.ending = Hangs{}, .takes = TimeRange()}, {.ending = Hangs{}, .took = 9s}),
      IsEmpty());
}

TEST(FactsTest, DifferInWhatIsLeftOnOneSideOnly) {
  const Facts facts{.leaves = Leaves{.processes = {children}, .files = {pid_file}, .listens = {}}};
  const Observation seen{.leaves = {.processes = {}, .files = {pid_file}, .listens = {port}}};
  EXPECT_THAT(
      differences_of(facts, seen),
      ElementsAre(Difference{"leaves: processes", "{is: child, user: root, count: 8}", "nothing"},
                  Difference{"leaves: listens", "nothing", R"("udp:127.0.0.1:5060")"}));
}

TEST(FactsTest, DoNotDifferInTheOrderOfWhatIsLeft) {
  const host::Endpoint other{.address = "127.0.0.1", .port = 5070};
  EXPECT_THAT(
      differences_of({.leaves = Leaves{.processes = {}, .files = {}, .listens = {port, other}}},
                     {.leaves = {.listens = {other, port}}}),
      IsEmpty());
}

TEST(FactsTest, CountWhatIsLeftTwice) {
  EXPECT_THAT(
      differences_of({.leaves = Leaves{.processes = {children}, .files = {}, .listens = {}}},
                     {.leaves = {.processes = {children, children}}}),
      ElementsAre(Difference{"leaves: processes", "nothing", "{is: child, user: root, count: 8}"}));
}

TEST(FactsTest, TakeTheExpectedPathOfAFileForAPattern) {
  auto expected = pid_file;
  auto seen = pid_file;
  expected.path = "/tmp/kamailio_receiver_*";
  seen.path = "/tmp/kamailio_receiver_77";
  const Facts facts{.leaves = Leaves{.processes = {}, .files = {expected}, .listens = {}}};
  EXPECT_THAT(differences_of(facts, {.leaves = {.files = {seen}}}), IsEmpty());
  seen.names = "dead";
  EXPECT_THAT(differences_of(facts, {.leaves = {.files = {seen}}}), SizeIs(1));
}

TEST(PatternTest, StandsForItselfWithoutAStar) {
  EXPECT_TRUE(matches("exit 255", "exit 255"));
  EXPECT_FALSE(matches("exit 255", "exit 2550"));
  EXPECT_FALSE(matches("exit 255", ""));
}

TEST(PatternTest, TakesAnyTextForAStar) {
  EXPECT_TRUE(matches("*ERROR: bind(*): in use", " 0(12) ERROR: bind(5): in use"));
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("a**b", "ab"));
  EXPECT_FALSE(matches("*ERROR*use", "ERROR: in use by another"));
}

TEST(PatternTest, DoesNotTakeTheSameTextTwice) {
  EXPECT_FALSE(matches("ab*ba", "aba"));
  EXPECT_TRUE(matches("ab*ba", "abba"));
  EXPECT_FALSE(matches("*x*x", "x"));
}

TEST(PatternTest, TakesAnEscapedStarForAStar) {
  EXPECT_TRUE(matches(R"(\*\\)", R"(*\)"));
  EXPECT_FALSE(matches(R"(\*)", "anything"));
}

TEST(PatternTest, SeveralMatchLinesInTheirOrderWithOthersBetween) {
  EXPECT_EQ(first_without_line({"a*", "b*"}, {"x", "a1", "y", "b1"}), std::nullopt);
  EXPECT_EQ(first_without_line({"a*", "b*"}, {"b1", "a1"}), "b*");
  EXPECT_EQ(first_without_line({"a*", "a*"}, {"a1"}), "a*");
  EXPECT_EQ(first_without_line({}, {}), std::nullopt);
}

const Observation seen{
    .ending = Exited{255},
    .out = {"it's", "\x1B[2J", R"(a "b" \ *)"},
    .err = {" 0(17) ERROR: <core> [core/tcp_main.c:3012]: tcp_init(): no"},
    .took = 32100ms,
    .leaves = {{{.is = "orphan", .user = "root", .is_stopped = true, .count = 8}},
               {{.path = "/tmp/kamailio_receiver_17", .is = "fifo", .mode = 0660}},
               {{.kind = host::Endpoint::Kind::tcp, .address = "::1", .port = 5060}}}};

// A file with two recordings, of which the second has no facts yet.
const std::string two_recordings =
    "# A comment.\n"
    "topic: t\n"
    "measured_with: a program 1.0\n"
    "scenarios:\n"
    "  - id: a\n"
    "    claim: a\n"
    "    steps:\n"
    "      - run: [a]\n"
    "        exit: 0\n"
    "        takes: instant\n"
    "\n"
    "  # Of b.\n"
    "  - id: b\n"
    "    claim: b\n"
    "    steps:\n"
    "      - run: [b]\n";

std::vector<Scenario> read_all(const std::string& text) {
  auto read = read_scenarios("f.yaml", text, [](const std::string&) { return false; });
  if (!read) {
    ADD_FAILURE() << read.error().message() << "\n" << text;
    return {};
  }
  return *std::move(read);
}

std::string indented(const std::string& text, const Step& step) {
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);) {
    result += std::string(static_cast<std::size_t>(step.fact_lines.indentation), ' ') + line + "\n";
  }
  return result;
}

Correction correction_of(const Step& step) {
  return {.begin = step.fact_lines.begin,
          .end = step.fact_lines.end,
          .text = indented(facts_in_yaml(seen, step.facts), step)};
}

TEST(RecordedFactsTest, LeaveOutWhatIsDifferentEachTime) {
  const auto yaml = facts_in_yaml(seen, {});
  EXPECT_THAT(yaml, HasSubstr("- '*ERROR: <core> [core/tcp_main.c:*]: tcp_init(): no'\n"));
  EXPECT_THAT(yaml, HasSubstr("{path: '/tmp/kamailio_receiver_*', "));
  EXPECT_THAT(yaml, HasSubstr("takes: [31s, 34s]\n"));
}

TEST(RecordedFactsTest, KeepWhatWasKnownAndStillHolds) {
  const Facts before{
      .ending = Exited{0}, .out = {}, .err = {{"*tcp_init*"}}, .takes = TimeRange{30s, 40s}};
  const auto yaml = facts_in_yaml(seen, before);
  EXPECT_THAT(yaml, HasSubstr("exit: 255\n"));
  EXPECT_THAT(yaml, HasSubstr("err:\n  - '*tcp_init*'\n"));
  EXPECT_THAT(yaml, HasSubstr("takes: [30s, 40s]\n"));
  EXPECT_THAT(yaml, ::testing::Not(HasSubstr("out:")));
  EXPECT_THAT(yaml, ::testing::Not(HasSubstr("leaves:")));
}

TEST(RecordedFactsTest, ReplaceLinesThatNoLongerHold) {
  EXPECT_THAT(facts_in_yaml(seen, {.out = {{}}, .err = {{"*udp_init*"}}}),
              ::testing::AllOf(HasSubstr("tcp_init"), HasSubstr("it's")));
}

TEST(CorrectedTest, IsTheSameFileIfNothingIsCorrected) {
  EXPECT_EQ(corrected(two_recordings, {}), two_recordings);
}

TEST(CorrectedTest, ReplacesFactsAndLeavesTheRestAsItIs) {
  const auto recordings = read_all(two_recordings);
  const auto& lines = recordings.at(0).steps.back().fact_lines;
  EXPECT_EQ(lines.begin, 9);
  EXPECT_EQ(lines.end, 11);
  auto text = two_recordings;
  text.replace(text.find("exit: 0\n        takes: instant"), 30, "exit: 3");
  EXPECT_EQ(corrected(two_recordings, {{lines.begin, lines.end, "        exit: 3\n"}}), text);
}

TEST(CorrectedTest, PutsInFactsThatWereNotThere) {
  const auto recordings = read_all(two_recordings);
  const auto text = corrected(two_recordings, {correction_of(recordings.at(1).steps.back()),
                                               correction_of(recordings.at(0).steps.back())});
  const auto again = read_all(text);
  ASSERT_THAT(again, SizeIs(2));
  for (const auto& recording : again) {
    const auto& facts = recording.steps.back().facts;
    EXPECT_NE(facts, Facts()) << recording.id;
    EXPECT_THAT(differences_of(facts, seen), IsEmpty()) << recording.id;
  }
}

}  // namespace
}  // namespace conformance
