#include "sim/testing/shell.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

// The fake executables, run as on a command line.

namespace sim {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

class FakesTest : public ::testing::Test {
 protected:
  [[nodiscard]] const testing::Shell& shell() const { return shell_; }

 private:
  testing::Shell shell_{SIM_PROGRAMS};
};

// Waits for this many lines of the responder, and ends it with the shell.
constexpr const char* begin_responder = R"sh(
  responder() {
    count=$1; shift
    : >lines
    fake-sip-responder "$@" >lines & pid=$!
    trap 'kill $pid' EXIT
    for i in $(seq 500); do
      [ $(wc -l <lines) -lt $count ] || break
      sleep 0.01
    done
    cat lines
  }
)sh";

TEST_F(FakesTest, ResponderTellsWhereItListens) {
  const auto ran =
      shell().run(std::string(begin_responder) + "responder 2 udp:127.0.0.1:0 tcp:127.0.0.1:0");
  EXPECT_THAT(ran.out, MatchesRegex("listening on udp:127\\.0\\.0\\.1:[1-9][0-9]*\n"
                                    "listening on tcp:127\\.0\\.0\\.1:[1-9][0-9]*\n"))
      << ran.err;
}

TEST_F(FakesTest, ResponderAnswersWhereItSaysThatItListens) {
  const auto ran =
      shell().run(std::string(begin_responder) +
                  "responder 1 udp:127.0.0.1:0\n"
                  "port=$(sed 's/.*://' lines)\n"
                  "fake-sipsak -s sip:monitor@127.0.0.1:$port -H localhost; echo code $?");
  EXPECT_THAT(ran.out, HasSubstr("code 0\n")) << ran.err;
}

TEST_F(FakesTest, ResponderNamesTheWrongPlaceOnce) {
  struct Wrong {
    const char* places;
    const char* message;
  };
  for (const auto& [places, message] : {
           Wrong{"127.0.0.1:5070", "invalid address \"127.0.0.1:5070\": expected udp:ADDRESS:PORT"},
           Wrong{"udp:127.0.0.1", "invalid address \"udp:127.0.0.1\": expected udp:ADDRESS:PORT"},
           Wrong{"udp:127.0.0.1:0 sctp:127.0.0.1:0", "invalid address \"sctp:127.0.0.1:0\""},
           Wrong{"udp:::1:5070", "invalid address \"udp:::1:5070\""},
           Wrong{"udp:127.0.0.1:99999",
                 "udp:127.0.0.1:99999: invalid port \"99999\": expected a whole number from 0 to "
                 "65535"},
           Wrong{"'tcp:[::1]:99999'", "tcp:[::1]:99999: invalid port \"99999\""},
           Wrong{"tcp:127.0.0.1:sip", "tcp:127.0.0.1:sip: invalid port \"sip\""},
           Wrong{"udp:localhost:15070",
                 "udp:localhost:15070: invalid IP address \"localhost\": expected one as 127.0.0.1 "
                 "or "
                 "[::1]\n"},
       }) {
    const auto ran = shell().run(std::string("fake-sip-responder ") + places);
    EXPECT_EQ(ran.code, 2) << places;
    EXPECT_EQ(ran.out, "") << places;
    EXPECT_THAT(ran.err, StartsWith(message));
  }
}

TEST_F(FakesTest, ResponderSaysWhyItCannotListen) {
  const auto ran = shell().run(std::string(begin_responder) +
                               "responder 1 udp:127.0.0.1:0\n"
                               "fake-sip-responder $(sed 's/.* //' lines); echo code $?");
  EXPECT_THAT(ran.out, HasSubstr("code 1\n"));
  EXPECT_THAT(ran.err, MatchesRegex("udp:127\\.0\\.0\\.1:[0-9]+: Address already in use\n"));
}

TEST_F(FakesTest, ResponderTellsHowItIsCalled) {
  const auto helped = shell().run("fake-sip-responder --help");
  EXPECT_EQ(helped.code, 0);
  EXPECT_THAT(helped.out, StartsWith("usage: fake-sip-responder PLACE..."));
  const auto ran = shell().run("fake-sip-responder");
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, StartsWith("usage: fake-sip-responder PLACE..."));
}

TEST_F(FakesTest, RefuseProfilesThatCannotBeUnderstood) {
  shell().write("empty", "");
  shell().write("wrong", "sipsak: {ill: somewhat}\n");
  struct Wrong {
    const char* profile;
    const char* message;
  };
  for (const auto& [profile, message] : {
           Wrong{"empty", "empty:1:1: the file is empty"},
           Wrong{"/dev/null", "/dev/null:1:1: the file is empty"},
           Wrong{".", "SIM_PROFILE=.: Is a directory"},
           Wrong{"missing", "SIM_PROFILE=missing: No such file or directory"},
           Wrong{"wrong", "wrong:1:15: invalid ill \"somewhat\""},
       }) {
    const auto ran = shell().run(std::string("SIM_PROFILE=") + profile + " fake-sipsak -V");
    EXPECT_EQ(ran.code, 99) << profile;
    EXPECT_THAT(ran.err, StartsWith(message));
  }
}

TEST_F(FakesTest, RefuseAProfileBesideTheProgramThatCannotBeRead) {
  const auto ran = shell().run(
      "cp $(command -v fake-sipsak) sipsak && mkdir sipsak.profile.yaml && ./sipsak -V");
  EXPECT_EQ(ran.code, 99);
  EXPECT_THAT(ran.err, StartsWith("./sipsak.profile.yaml: Is a directory"));
}

// Sends a signal to the main process of a server, and waits for its end.
constexpr const char* a_server = R"sh(
  cp $(command -v fake-kamailio) kamailio
  port=$((20000 + $$ % 10000))  # tests run side by side
  printf 'listen=udp:127.0.0.1:%s\nloadmodule "sl.so"\nrequest_route { exit; }\n' $port >conf
  begin() { ./kamailio -f conf -P $PWD/pid >/dev/null; }
  end() { kill -$1 $(cat pid); for i in $(seq 500); do [ -e pid ] || break; sleep 0.01; done; }
)sh";

TEST_F(FakesTest, ServersBehaveAsTheProfileSaysOfTheirPidFile) {
  const auto ran = shell().run(std::string(a_server) +
                               "echo log_stderror=yes >>conf\n"
                               "for name in pid other; do\n"
                               "  echo \"servers: {$PWD/$name: {start_error: No.}}\""
                               " >kamailio.profile.yaml\n"
                               "  begin; echo code $?\n"
                               "done; end TERM");
  EXPECT_EQ(ran.out, "code 255\ncode 0\n") << ran.err;
  EXPECT_THAT(ran.err, StartsWith("No.\n"));
}

TEST_F(FakesTest, ServersReadAProfileAgainThatIsReplaced) {
  const auto ran = shell().run(std::string(a_server) +
                               "ask() { fake-sipsak -vv -s sip:me@127.0.0.1:$port -H localhost "
                               "| grep -o 'SIP/2.0 [0-9]*' | head -n 1; }\n"
                               "for code in 404 486 603; do\n"
                               "  echo \"kamailio: {options: {replies: [{code: $code}]}}\" >new\n"
                               "  mv new kamailio.profile.yaml\n"
                               "  [ -e pid ] || begin; ask\n"
                               "done; end TERM");
  EXPECT_EQ(ran.out, "SIP/2.0 404\nSIP/2.0 486\nSIP/2.0 603\n") << ran.err;
}

TEST_F(FakesTest, NoteTheSignalsThatReachThem) {
  const auto ran = shell().run(std::string(a_server) +
                               ": >kamailio.signals; begin; main=$(cat pid); kill -HUP $main\n"
                               "end TERM; grep \" $$ \" kamailio.signals | sed \"s/$main/main/; "
                               "s/$$/shell/\"");
  EXPECT_EQ(ran.out, "main shell 15\n") << "SIGHUP is ignored: it does not reach the program\n"
                                        << ran.err;
}

TEST_F(FakesTest, RefuseWhatOnlyTheSimulatedMachineCanDo) {
  shell().write("profile", "kamailio:\n  hangs_in_kernel: from_sigterm\n");
  const auto ran = shell().run("SIM_PROFILE=profile fake-kamailio -V");
  EXPECT_EQ(ran.code, 99);
  EXPECT_THAT(ran.err, AllOf(StartsWith("profile:2:20: hangs_in_kernel"),
                             HasSubstr("only in the simulated machine")));
  shell().write("profile", "kamailio: {hangs_in_kernel: no}\n");
  EXPECT_EQ(shell().run("SIM_PROFILE=profile fake-kamailio -V").code, 0);
}

}  // namespace
}  // namespace sim
