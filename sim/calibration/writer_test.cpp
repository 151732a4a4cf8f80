#include "sim/calibration/writer.h"

#include "sim/calibration/compare.h"
#include "sim/calibration/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace calibration {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

std::optional<std::string> no_configuration(const std::string& /*name*/) { return std::nullopt; }

const Observation seen{
    .ending = Exited{255},
    .out = {"it's", "\x1B[2J", R"(a "b" \ *)"},
    .err = {" 0(17) ERROR: <core> [core/tcp_main.c:3012]: tcp_init(): no"},
    .took = 32100ms,
    .leaves = {{{.is = "orphan", .user = "root", .is_stopped = true, .count = 8}},
               {{.path = "/tmp/kamailio_receiver_17", .is = "fifo", .access = {.mode = 0660}}},
               {{.transport = Transport::tcp, .address = "::1", .port = 5060}}}};

std::vector<Situation> read_all(const std::string& text) {
  auto read = read_situations("f.yaml", text, no_configuration);
  if (!read) {
    ADD_FAILURE() << read.error().message() << "\n" << text;
    return {};
  }
  return *std::move(read);
}

TEST(Writer, WritesAnObservationThatReadsTheSame) {
  const auto again = read_observation(write_observation(seen));
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again->ending, seen.ending);
  EXPECT_EQ(again->out, seen.out);
  EXPECT_EQ(again->err, seen.err);
  EXPECT_EQ(again->took, seen.took);
  EXPECT_EQ(again->leaves, seen.leaves);
}

TEST(Facts, HoldForWhatTheyWereMadeOf) {
  EXPECT_THAT(compare(as_facts(seen, nullptr), seen), IsEmpty());
}

TEST(Facts, LeaveOutWhatIsAnotherEachTime) {
  const auto facts = as_facts(seen, nullptr);
  EXPECT_THAT(facts.err,
              Optional(ElementsAre("*ERROR: <core> [core/tcp_main.c:*]: tcp_init(): no")));
  EXPECT_EQ(facts.leaves.files.front().path, "/tmp/kamailio_receiver_*");
  EXPECT_EQ(facts.takes, (TimeRange{.least = 31s, .most = 34s}));
}

TEST(Facts, KeepWhatWasRecordedAndStillHolds) {
  const Facts before{.ending = Exited{0}, .err = {{"*tcp_init*"}}, .takes = {30s, 40s}};
  const auto facts = as_facts(seen, &before);
  EXPECT_EQ(facts.ending, seen.ending);
  EXPECT_EQ(facts.out, std::nullopt);
  EXPECT_THAT(facts.err, Optional(ElementsAre("*tcp_init*")));
  EXPECT_EQ(facts.takes, before.takes);
}

TEST(Facts, ReplaceLinesThatNoLongerHold) {
  const Facts before{.out = {{}}, .err = {{"*udp_init*"}}};
  const auto facts = as_facts(seen, &before);
  EXPECT_EQ(facts.out->size(), 3U);
  EXPECT_THAT(facts.err, Optional(ElementsAre(::testing::HasSubstr("tcp_init"))));
}

const std::string two_situations =
    "# A comment.\n"
    "situations:\n"
    "  - id: a\n"
    "    says: a\n"
    "    run: [a]\n"
    "    exit: 0\n"
    "    takes: instant\n"
    "\n"
    "  # Of b.\n"
    "  - id: b\n"
    "    says: b\n"
    "    run: [b]\n";

TEST(Rewriting, ChangesNothingIfNothingIsChanged) {
  EXPECT_EQ(with_facts(two_situations, {}), two_situations);
}

TEST(Rewriting, ReplacesFactsAndLeavesTheRestAsItIs) {
  const auto situations = read_all(two_situations);
  const auto text =
      with_facts(two_situations, {{situations[0].fact_lines, Facts{.ending = Exited{3}}}});
  EXPECT_EQ(text,
            "# A comment.\n"
            "situations:\n"
            "  - id: a\n"
            "    says: a\n"
            "    run: [a]\n"
            "    exit: 3\n"
            "    takes: instant\n"
            "\n"
            "  # Of b.\n"
            "  - id: b\n"
            "    says: b\n"
            "    run: [b]\n");
}

TEST(Rewriting, PutsInFactsThatWereNotThere) {
  const auto situations = read_all(two_situations);
  const auto text =
      with_facts(two_situations, {{situations[1].fact_lines, as_facts(seen, nullptr)},
                                  {situations[0].fact_lines, as_facts(seen, nullptr)}});
  const auto again = read_all(text);
  ASSERT_EQ(again.size(), 2U);
  for (const auto& situation : again) {
    ASSERT_TRUE(situation.facts) << situation.id;
    EXPECT_THAT(compare(*situation.facts, seen), IsEmpty()) << situation.id;
  }
}

}  // namespace
}  // namespace calibration
