#include "agent/kamailio/program.h"

#include "agent/kamailio/testing/fake_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace kamailio {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using testing::FakeHost;
using ::testing::HasSubstr;

using Given = std::map<std::string, std::string, std::less<>>;

Parameters parameters(Given given) {
  given.emplace("listen_address", "192.0.2.1");
  given.emplace("pidfile", "/run/k.pid");
  auto parsed = parse_parameters(ocf::Request{.instance = "p_kam", .parameters = given});
  for (const auto& error : parsed.errors) {
    ADD_FAILURE() << error.text;
  }
  return parsed.values;
}

// What follows the binary, -P and -f.
std::vector<std::string> options_of(const Given& given) {
  const auto command = daemon_command("/usr/sbin/kamailio", parameters(given));
  return {command.begin() + 5, command.end()};
}

TEST(TheDaemon, GetsItsPidFileAndItsConfiguration) {
  auto command =
      daemon_command("/opt/kamailio", parameters({{"conffile", "/etc/kamailio/kamailio2.cfg"}}));
  command.resize(5);
  EXPECT_THAT(command, ElementsAre("/opt/kamailio", "-P", "/run/k.pid", "-f",
                                   "/etc/kamailio/kamailio2.cfg"));
}

TEST(TheDaemon, ListensOnUdpAlone) {
  EXPECT_THAT(options_of({{"proto", "udp"}}),
              ElementsAre("-T", "-l", "udp:192.0.2.1:5060", "-l", "udp:127.0.0.1:5060"));
}

TEST(TheDaemon, ListensOnTcpAlone) {
  EXPECT_THAT(options_of({{"proto", "tcp"}}),
              ElementsAre("-l", "tcp:192.0.2.1:5060", "-l", "tcp:127.0.0.1:5060"));
}

TEST(TheDaemon, ListensOnUdpAndTcp) {
  EXPECT_THAT(options_of({{"proto", "udptcp"}}),
              ElementsAre("-l", "udp:192.0.2.1:5060", "-l", "udp:127.0.0.1:5060", "-l",
                          "tcp:192.0.2.1:5060", "-l", "tcp:127.0.0.1:5060"));
}

TEST(TheDaemon, ListensWhereItsConfigurationSays) {
  for (const std::string proto : {"conf_udp", "conf_tcp", "conf_udptcp"}) {
    EXPECT_THAT(options_of({{"proto", proto}}), ElementsAre()) << proto;
  }
}

TEST(TheDaemon, ListensOnItsPort) {
  EXPECT_THAT(options_of({{"proto", "tcp"}, {"port", "5080"}}),
              ElementsAre("-l", "tcp:192.0.2.1:5080", "-l", "tcp:127.0.0.1:5080"));
}

TEST(TheDaemon, ListensOnAnIpv6AddressInBrackets) {
  EXPECT_THAT(options_of({{"proto", "udp"}, {"listen_address", "::1"}, {"port", "5090"}}),
              ElementsAre("-T", "-l", "udp:[::1]:5090", "-l", "udp:127.0.0.1:5090"));
}

// It would refuse to bind the same address twice.
TEST(TheDaemon, ListensOnTheLoopbackAddressOnce) {
  EXPECT_THAT(options_of({{"proto", "tcp"}, {"listen_address", "127.0.0.1"}}),
              ElementsAre("-l", "tcp:127.0.0.1:5060"));
  EXPECT_THAT(options_of({{"proto", "tcp"}, {"listen_address", "0.0.0.0"}}),
              ElementsAre("-l", "tcp:0.0.0.0:5060"));
}

TEST(TheDaemon, RunsAsTheUserAndTheGroupThatAreSet) {
  EXPECT_THAT(options_of({{"proto", "conf_udp"}, {"kamuser", "kamailio"}}),
              ElementsAre("-u", "kamailio"));
  EXPECT_THAT(options_of({{"proto", "conf_udp"}, {"kamgroup", "sip"}}), ElementsAre("-g", "sip"));
  EXPECT_THAT(options_of({{"proto", "conf_udp"}, {"kamuser", "kamailio"}, {"kamgroup", "sip"}}),
              ElementsAre("-u", "kamailio", "-g", "sip"));
}

TEST(TheDaemon, GetsTheExtraOptionsLast) {
  EXPECT_THAT(options_of({{"proto", "tcp"},
                          {"listen_address", "127.0.0.1"},
                          {"kamuser", "kamailio"},
                          {"extra_options", "-m  128 -A 'X=a  b' -A FOO=1+1"}}),
              ElementsAre("-l", "tcp:127.0.0.1:5060", "-u", "kamailio", "-m", "128", "-A", "X=a  b",
                          "-A", "FOO=1+1"));
}

TEST(TheConfigurationCheck, IsOfTheInstancesOwnFileWithItsOwnOptions) {
  EXPECT_THAT(config_check_command("/usr/sbin/kamailio",
                                   parameters({{"conffile", "/etc/kamailio/kamailio2.cfg"},
                                               {"extra_options", "-A X=1"}})),
              ElementsAre("/usr/sbin/kamailio", "-c", "-E", "-f", "/etc/kamailio/kamailio2.cfg",
                          "-A", "X=1"));
}

TEST(AProgram, IsTheFirstOfItsPathsThatExists) {
  FakeHost machine;
  machine.files.put_program("/usr/sbin/kamctl");
  machine.files.put_program("/bin/kamctl");
  EXPECT_EQ(find_program(machine.host(),
                         {.parameter = "kamctl",
                          .places = {"/usr/bin/kamctl", "/usr/sbin/kamctl", "/bin/kamctl"}}),
            "/usr/sbin/kamctl");
}

TEST(AProgram, ThatDoesNotExistIsReportedWithParameterAndPath) {
  FakeHost machine;
  const auto found = find_program(
      machine.host(), {.parameter = "kamctl", .places = {"/usr/bin/kamctl", "/usr/sbin/kamctl"}});
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().kind, host::ErrorKind::not_found);
  EXPECT_THAT(found.error().text,
              AllOf(HasSubstr("kamctl=/usr/bin/kamctl"), HasSubstr("does not exist")));
}

TEST(AProgram, ThatMayNotBeExecutedIsReportedRatherThanSkipped) {
  FakeHost machine;
  machine.files.put("/usr/bin/kamctl");
  machine.files.put_program("/usr/sbin/kamctl");
  const auto found = find_program(
      machine.host(), {.parameter = "kamctl", .places = {"/usr/bin/kamctl", "/usr/sbin/kamctl"}});
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().kind, host::ErrorKind::not_permitted);
  EXPECT_THAT(found.error().text, HasSubstr("kamctl=/usr/bin/kamctl"));
}

}  // namespace
}  // namespace kamailio
