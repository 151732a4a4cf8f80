#include "sim/calibration/reader.h"

#include "sim/calibration/recordings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <variant>

namespace calibration {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::optional<std::string> only_alive(const std::string& name) {
  return name == "alive" ? std::optional<std::string>("request_route { }\n") : std::nullopt;
}

// A file with this one situation, whose first line is the fourth.
std::string file_with(const std::string& situation) {
  return "measured_with: something\n\nsituations:\n" + situation;
}

Situation read_one(const std::string& situation) {
  const auto read = read_situations("f.yaml", file_with(situation), only_alive);
  if (!read || read->size() != 1) {
    ADD_FAILURE() << (read ? "not one situation" : read.error().message());
    return {};
  }
  return read->front();
}

std::string message_for(const std::string& situation) {
  const auto read = read_situations("f.yaml", file_with(situation), only_alive);
  return read ? "no error" : read.error().message();
}

TEST(Reader, ReadsAProgramRunAndItsFacts) {
  const auto situation = read_one(
      "  - id: port-in-use\n"
      "    says: It does not start\n"
      "    slow: true\n"
      "    run: [kamailio, -f, /etc/kamailio/kamailio.cfg]\n"
      "    for: 2.5\n"
      "    exit: 255\n"
      "    out: []\n"
      "    err: ['*in use']\n"
      "    takes: [31, 34]\n");
  EXPECT_EQ(situation.id, "port-in-use");
  EXPECT_TRUE(situation.is_slow);
  EXPECT_EQ(situation.lasts, 2500ms);
  EXPECT_THAT(std::get<calibration::Run>(situation.action).arguments,
              ElementsAre("kamailio", "-f", "/etc/kamailio/kamailio.cfg"));
  ASSERT_TRUE(situation.facts);
  EXPECT_EQ(situation.facts->ending, Ending(Exited{255}));
  EXPECT_THAT(situation.facts->out, ::testing::Optional(ElementsAre()));
  EXPECT_THAT(situation.facts->err, ::testing::Optional(ElementsAre("*in use")));
  EXPECT_EQ(situation.facts->takes, (TimeRange{.least = 31s, .most = 34s}));
  EXPECT_EQ(situation.facts->leaves, Leaves{});
}

TEST(Reader, DoesNotMindWhatWasPrintedIfTheFactsSayNothingOfIt) {
  const auto situation = read_one("  - {id: a, says: b, run: [sipsak], exit: 0}\n");
  ASSERT_TRUE(situation.facts);
  EXPECT_EQ(situation.facts->out, std::nullopt);
  EXPECT_EQ(situation.facts->takes, (TimeRange{.least = 0s, .most = 1s}));
}

TEST(Reader, ReadsWhatIsGivenInItsOrder) {
  const auto situation = read_one(
      "  - id: a\n"
      "    says: b\n"
      "    given:\n"
      "      - file: /etc/kamailio/kamailio.cfg\n"
      "        config: alive\n"
      "        owner: kamailio:root\n"
      "        mode: \"0600\"\n"
      "      - pid_file: /run/kamailio/kamailio.pid\n"
      "        names: zombie\n"
      "      - fifo: /run/kamailio/f\n"
      "        reader: silent\n"
      "      - responder: udp:[::1]:5060\n"
      "        ignores: 2\n"
      "        replies:\n"
      "          - {status: 100 Trying, after: 0.2}\n"
      "          - {text: \"garbage\\r\\n\", close: true}\n"
      "      - server: [kamailio, -E]\n"
      "      - signal: KILL\n"
      "        to: first-child\n"
      "      - user: kamailio\n"
      "    ask: tcp:127.0.0.1:5060\n");
  ASSERT_EQ(situation.given.size(), 7U);
  const auto& file = std::get<File>(situation.given[0]);
  EXPECT_EQ(file.text, "request_route { }\n");
  EXPECT_EQ(file.access, (Access{.user = "kamailio", .group = "root", .mode = 0600}));
  EXPECT_EQ(std::get<PidFile>(situation.given[1]).names, PidOf::zombie);
  EXPECT_EQ(std::get<Fifo>(situation.given[2]).reader, Fifo::Reader::silent);
  const auto& responder = std::get<Responder>(situation.given[3]);
  EXPECT_EQ(responder.at, (Endpoint{.transport = Transport::udp, .address = "::1", .port = 5060}));
  EXPECT_EQ(responder.ignores, 2);
  ASSERT_EQ(responder.replies.size(), 2U);
  EXPECT_EQ(responder.replies[0].status, "100 Trying");
  EXPECT_EQ(responder.replies[0].after, 200ms);
  EXPECT_EQ(responder.replies[1].text, "garbage\r\n");
  EXPECT_TRUE(responder.replies[1].closes);
  EXPECT_EQ(std::get<Signal>(situation.given[5]).to, Receiver::first_child);
  EXPECT_TRUE(std::holds_alternative<Ask>(situation.action));
  EXPECT_FALSE(situation.facts);
}

TEST(Reader, ReadsWhatIsLeft) {
  const auto situation = read_one(
      "  - id: a\n"
      "    says: b\n"
      "    signal: TERM\n"
      "    to: main\n"
      "    takes: instant\n"
      "    leaves:\n"
      "      processes:\n"
      "        - {is: child, user: root, stopped: true, count: 8}\n"
      "      files:\n"
      "        - {path: /run/k.pid, is: file, owner: \"a:b\", mode: \"0644\", names: dead}\n"
      "      listens: [\"udp:127.0.0.1:5060\"]\n");
  ASSERT_TRUE(situation.facts);
  EXPECT_EQ(situation.facts->ending, Ending());
  const auto& leaves = situation.facts->leaves;
  EXPECT_THAT(
      leaves.processes,
      ElementsAre(Processes{.is = "child", .user = "root", .is_stopped = true, .count = 8}));
  EXPECT_THAT(leaves.files,
              ElementsAre(LeftFile{.path = "/run/k.pid",
                                   .is = "file",
                                   .access = {.user = "a", .group = "b", .mode = 0644},
                                   .names = "dead"}));
  EXPECT_THAT(leaves.listens, ElementsAre(Endpoint{.address = "127.0.0.1", .port = 5060}));
}

TEST(Reader, KnowsTheLinesInWhichTheFactsStand) {
  const auto read = read_situations("f.yaml",
                                    "situations:\n"
                                    "  - id: a\n"
                                    "    says: a\n"
                                    "    run: [a]\n"
                                    "    exit: 0\n"
                                    "    out: []\n"
                                    "\n"
                                    "  # Of the next one.\n"
                                    "  - id: b\n"
                                    "    says: b\n"
                                    "    run: [b]\n",
                                    only_alive);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ((*read)[0].fact_lines.begin, 5);
  EXPECT_EQ((*read)[0].fact_lines.end, 7);
  EXPECT_EQ((*read)[1].fact_lines.begin, 12);
  EXPECT_EQ((*read)[1].fact_lines.end, 12);
}

TEST(Reader, ReadsAllRecordingsOfThisProject) {
  for (const auto* const name : {"kamailio.yaml", "kamctl.yaml", "sipsak.yaml"}) {
    const auto recordings = load_recordings(std::string(RECORDINGS) + "/" + name);
    ASSERT_TRUE(recordings) << recordings.error();
    for (const auto& situation : recordings->situations) {
      EXPECT_TRUE(situation.facts) << name << ": " << situation.id;
    }
  }
}

// What is wrong in a situation, and what the error says of it.
struct Wrong {
  const char* name;
  const char* situation;
  const char* message;

  friend void PrintTo(const Wrong& wrong, std::ostream* stream) {  // NOLINT: GoogleTest's name
    *stream << wrong.name;
  }
};

class ReaderOfBadInput : public ::testing::TestWithParam<Wrong> {};

TEST_P(ReaderOfBadInput, NamesThePlaceTheWordAndWhatIsAllowed) {
  EXPECT_THAT(message_for(GetParam().situation), HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ReaderOfBadInput,
    ::testing::Values(
        Wrong{
            "UnknownKey", "  - {id: a, says: b, run: [c], colour: red}\n",
            "f.yaml:4:32: \"colour\" is nothing that a situation may have: it may have id, says,"},
        Wrong{"NoId", "  - says: b\n", "f.yaml:4:5: a situation needs \"id\""},
        Wrong{"BadId", "  - {id: A b, says: b, run: [c]}\n",
              "f.yaml:4:10: \"A b\" is no id: it has to be in small letters"},
        Wrong{"SameIdTwice", "  - {id: a, says: b, run: [c]}\n  - {id: a, says: b, run: [c]}\n",
              "f.yaml:5:5: the id a stands here twice"},
        Wrong{"SameKeyTwice", "  - {id: a, id: b}\n", "f.yaml:4:13: \"id\" stands here twice"},
        Wrong{"NoAction", "  - {id: a, says: b}\n", "a situation needs one of run, ask and signal"},
        Wrong{"TwoActions", "  - {id: a, says: b, run: [c], ask: \"udp:1.1.1.1:1\"}\n",
              "a situation needs one of run, ask and signal"},
        Wrong{
            "UnknownGiven", "  - {id: a, says: b, run: [c], given: [{moon: full}]}\n",
            "f.yaml:4:41: \"moon\" is nothing that can be given: it begins with file, directory, "},
        Wrong{"UnknownKeyOfGiven",
              "  - {id: a, says: b, run: [c], given: [{user: root, shoe: 9}]}\n",
              "\"shoe\" is nothing that a given user may have: it may have user"},
        Wrong{"FileOfTheMachine", "  - {id: a, says: b, run: [c], given: [{file: /etc/passwd}]}\n",
              "\"/etc/passwd\" is no path that a situation may set up: it has to be below "},
        Wrong{"FileOfTheMachineByDetour",
              "  - {id: a, says: b, run: [c], given: [{file: /run/../etc/passwd}]}\n",
              "is no path that a situation may set up"},
        Wrong{"UnknownConfiguration",
              "  - {id: a, says: b, run: [c], given: [{file: /run/a, config: dead}]}\n",
              "\"dead\" is no configuration: it has to be the name of a file in config/"},
        Wrong{"UnknownSignal", "  - {id: a, says: b, signal: SIGTERM, to: main}\n",
              "f.yaml:4:30: \"SIGTERM\" is no signal: it has to be TERM, KILL, "},
        Wrong{"UnknownReceiver", "  - {id: a, says: b, signal: TERM, to: everybody}\n",
              "\"everybody\" is no receiver: it has to be main, all, children or first-child"},
        Wrong{"BadAddress", "  - {id: a, says: b, ask: 127.0.0.1}\n",
              "\"127.0.0.1\" is no address: it has to be udp:ADDRESS:PORT"},
        Wrong{"IPv6WithoutBrackets", "  - {id: a, says: b, ask: \"udp:::1:5060\"}\n",
              "is no address"},
        Wrong{"BadTime", "  - {id: a, says: b, run: [c], for: 2s}\n",
              "\"2s\" is no time: it has to be a number of seconds"},
        Wrong{"BadRange", "  - {id: a, says: b, run: [c], exit: 0, takes: soon}\n",
              "takes has to be instant, or [LEAST, MOST] in seconds"},
        Wrong{"ReversedRange", "  - {id: a, says: b, run: [c], exit: 0, takes: [2, 1]}\n",
              "takes ends before it begins"},
        Wrong{"BadExitCode", "  - {id: a, says: b, run: [c], exit: ok}\n",
              "\"ok\" is no exit code: it has to be a whole number"},
        Wrong{"NoEnding", "  - {id: a, says: b, run: [c], takes: instant}\n",
              "facts need one of exit, killed_by, hangs and answer"},
        Wrong{"EndingOfASignal", "  - {id: a, says: b, signal: TERM, to: all, exit: 0}\n",
              "a signal that was sent has no ending"},
        Wrong{"FactsNotLast", "  - {id: a, says: b, exit: 0, run: [c]}\n",
              "f.yaml:4:31: \"run\" has to stand before the facts"},
        Wrong{"NoList", "  - {id: a, says: b, run: c}\n", "run has to be a list"},
        Wrong{"NoYaml", "  - {id: a\n", "no YAML"}),
    [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace calibration
