#include "agent/kamailio/parameters.h"

#include "agent/kamailio/spec.h"
#include "agent/ocf/testing/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace kamailio {
namespace {

using namespace std::chrono_literals;
using ocf::ExitCode;
using ocf::testing::ends_with;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Optional;
using ::testing::StartsWith;

using Given = std::map<std::string, std::string, std::less<>>;

ParsedParameters parse_exactly(const Given& given, const std::string& instance = "p_kam") {
  return parse_parameters(ocf::Request{.instance = instance, .parameters = given});
}

// With a listen_address, so that nothing else has to be set.
ParsedParameters parse(Given given) {
  given.emplace("listen_address", "192.0.2.1");
  return parse_exactly(given);
}

Parameters valid(const Given& given) {
  auto parsed = parse(given);
  for (const auto& error : parsed.errors) {
    ADD_FAILURE() << error.text;
  }
  return parsed.values;
}

std::vector<std::string> names_of(const std::vector<ParameterError>& errors) {
  std::vector<std::string> names;
  for (const auto& error : errors) {
    names.push_back(error.name);
  }
  return names;
}

constexpr auto standard_places = [](const std::string& documented, const std::string& name) {
  std::vector<std::string> places = {documented};
  for (const std::string directory :
       {"/usr/local/sbin/", "/usr/local/bin/", "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"}) {
    if (directory + name != documented) {
      places.push_back(directory + name);
    }
  }
  return places;
};

// Defaults.

TEST(AnUnsetParameter, HasItsDefault) {
  const auto parameters = valid({});
  EXPECT_EQ(parameters.conffile, "/etc/kamailio/kamailio.cfg");
  EXPECT_EQ(parameters.monitoring_ip.text, "127.0.0.1");
  EXPECT_EQ(parameters.port, 5060);
  EXPECT_THAT(parameters.extra_options, IsEmpty());
  EXPECT_EQ(parameters.proto, (Proto{.transports = {Transport::udp, Transport::tcp},
                                     .listeners = Proto::Listeners::from_parameters}));
  EXPECT_EQ(parameters.kamctlrc, "/etc/kamailio/kamctlrc");
  EXPECT_EQ(parameters.kamuser, "");
  EXPECT_EQ(parameters.kamgroup, "");
  EXPECT_EQ(parameters.stop_grace, std::nullopt);
}

TEST(AnUnsetProgram, IsSearchedForAtItsDefaultAndThenInTheStandardDirectories) {
  const auto parameters = valid({});
  EXPECT_EQ(parameters.binary.places, standard_places("/usr/sbin/kamailio", "kamailio"));
  EXPECT_EQ(parameters.sipsak.places, standard_places("/usr/bin/sipsak", "sipsak"));
  EXPECT_EQ(parameters.kamctl.places, standard_places("/usr/bin/kamctl", "kamctl"));
}

TEST(AProgram, IsNotSearchedForIfItIsSet) {
  const auto parameters = valid({{"binary", "/opt/kam/sbin/kamailio"},
                                 {"sipsak", "/opt/sipsak"},
                                 {"kamctl", "/usr/bin/kamctl"}});
  EXPECT_EQ(parameters.binary,
            (Program{.parameter = "binary", .places = {"/opt/kam/sbin/kamailio"}}));
  EXPECT_EQ(parameters.sipsak, (Program{.parameter = "sipsak", .places = {"/opt/sipsak"}}));
  EXPECT_EQ(parameters.kamctl, (Program{.parameter = "kamctl", .places = {"/usr/bin/kamctl"}}));
}

TEST(TheDefaultPidFile, LiesInADirectoryNamedAfterTheInstance) {
  const Given given = {{"listen_address", "192.0.2.1"}};
  EXPECT_EQ(parse_exactly(given, "sip-1").values.pidfile,
            (PidFilePath{.path = "/var/run/kamailio_sip-1/kamailio.pid",
                         .origin = PidFilePath::Origin::default_path}));
  EXPECT_EQ(parse_exactly(given, "p:0").values.pidfile.path, "/var/run/kamailio_p:0/kamailio.pid");
}

// Values.

TEST(AParameter, MayBeSet) {
  const auto parameters = valid({{"conffile", "/etc/kamailio/kamailio2.cfg"},
                                 {"pidfile", "/run/kam2/k.pid"},
                                 {"monitoring_ip", "192.168.159.128"},
                                 {"listen_address", "192.168.159.128"},
                                 {"port", "5070"},
                                 {"extra_options", "-m 128 -A 'X=a b'"},
                                 {"kamctlrc", "/etc/kamctlrc2"},
                                 {"kamuser", "kamailio"},
                                 {"kamgroup", "sip"},
                                 {"stop_grace", "15s"}});
  EXPECT_EQ(parameters.conffile, "/etc/kamailio/kamailio2.cfg");
  EXPECT_EQ(parameters.pidfile,
            (PidFilePath{.path = "/run/kam2/k.pid", .origin = PidFilePath::Origin::user}));
  EXPECT_EQ(parameters.monitoring_ip.text, "192.168.159.128");
  EXPECT_EQ(parameters.listen_address->text, "192.168.159.128");
  EXPECT_EQ(parameters.port, 5070);
  EXPECT_THAT(parameters.extra_options, ElementsAre("-m", "128", "-A", "X=a b"));
  EXPECT_EQ(parameters.kamctlrc, "/etc/kamctlrc2");
  EXPECT_EQ(parameters.kamuser, "kamailio");
  EXPECT_EQ(parameters.kamgroup, "sip");
  EXPECT_EQ(parameters.stop_grace, 15s);
}

TEST(AnEmptyParameter, IsValidWhereTheManualSaysSo) {
  const auto parameters = valid({{"pidfile", ""},
                                 {"extra_options", ""},
                                 {"kamctlrc", ""},
                                 {"kamuser", ""},
                                 {"kamgroup", ""}});
  EXPECT_EQ(parameters.pidfile.origin, PidFilePath::Origin::default_path);
  EXPECT_EQ(parameters.pidfile.path, "/var/run/kamailio_p_kam/kamailio.pid");
  EXPECT_THAT(parameters.extra_options, IsEmpty());
  EXPECT_EQ(parameters.kamctlrc, "");
  EXPECT_EQ(parameters.kamuser, "");
  EXPECT_EQ(parameters.kamgroup, "");
}

TEST(ListenAddress, MayBeIpv6) {
  const auto address = valid({{"listen_address", "2001:db8::1"}}).listen_address;
  ASSERT_TRUE(address.has_value());
  EXPECT_EQ(address->family, IpAddress::Family::ipv6);
}

TEST(Port, MayBeTheLowestAndTheHighest) {
  EXPECT_EQ(valid({{"port", "1"}}).port, 1);
  EXPECT_EQ(valid({{"port", "65535"}}).port, 65535);
}

TEST(AnAccount, MayBeANumber) {
  const auto parameters = valid({{"kamuser", "108"}, {"kamgroup", "112"}});
  EXPECT_EQ(parameters.kamuser, "108");
  EXPECT_EQ(parameters.kamgroup, "112");
}

TEST(Proto, SaysWhichTransportsAndWhoseListeners) {
  using Transports = std::vector<Transport>;
  struct Case {
    std::string value;
    Transports transports;
    Proto::Listeners listeners;
  };
  const Transports udp = {Transport::udp};
  const Transports tcp = {Transport::tcp};
  const Transports both = {Transport::udp, Transport::tcp};
  for (const auto& [value, transports, listeners] :
       {Case{"udp", udp, Proto::Listeners::from_parameters},
        Case{"tcp", tcp, Proto::Listeners::from_parameters},
        Case{"udptcp", both, Proto::Listeners::from_parameters},
        Case{"conf_udp", udp, Proto::Listeners::from_conffile},
        Case{"conf_tcp", tcp, Proto::Listeners::from_conffile},
        Case{"conf_udptcp", both, Proto::Listeners::from_conffile}}) {
    EXPECT_EQ(valid({{"proto", value}}).proto,
              (Proto{.transports = transports, .listeners = listeners}))
        << value;
  }
}

TEST(ListenAddress, IsRequiredUnlessTheConfigurationFileSaysWhereToListen) {
  for (const std::string proto : {"udp", "tcp", "udptcp"}) {
    EXPECT_THAT(names_of(parse_exactly({{"proto", proto}}).errors), ElementsAre("listen_address"));
  }
  for (const std::string proto : {"conf_udp", "conf_tcp", "conf_udptcp"}) {
    EXPECT_THAT(parse_exactly({{"proto", proto}}).errors, IsEmpty()) << proto;
  }
}

TEST(ListenAddress, IsNotLookedAtWhereItIsNotUsed) {
  EXPECT_THAT(parse_exactly({{"proto", "conf_udp"}, {"listen_address", "nonsense"}}).errors,
              IsEmpty());
}

TEST(MonitoringIp, IsStillCheckedWithListenersOfTheConfigurationFile) {
  EXPECT_THAT(
      names_of(parse_exactly({{"proto", "conf_udp"}, {"monitoring_ip", "nonsense"}}).errors),
      ElementsAre("monitoring_ip"));
}

TEST(MonitoringIp, MayBeIpv6ForTheAgentsOwnProbe) {
  const auto parameters = valid({{"monitoring_ip", "2001:db8::1"}, {"probe", "builtin"}});
  EXPECT_EQ(parameters.monitoring_ip.text, "2001:db8::1");
  EXPECT_EQ(parameters.probe_uri, "sip:monitor@[2001:db8::1]:5060");
}

TEST(Probe, IsSipsakByDefault) {
  EXPECT_EQ(valid({}).probe, Probe::sipsak);
  EXPECT_EQ(valid({{"probe", "sipsak"}}).probe, Probe::sipsak);
  EXPECT_EQ(valid({{"probe", "builtin"}}).probe, Probe::builtin);
}

TEST(ProbeTimeout, IsATime) {
  EXPECT_EQ(valid({}).probe_timeout, std::nullopt);
  EXPECT_EQ(valid({{"probe_timeout", "500ms"}}).probe_timeout, 500ms);
}

TEST(ProbeAccept, DefaultsToEachProbesUsualReplies) {
  const auto sipsak = valid({}).probe_accept;
  EXPECT_TRUE(sipsak.contain(200));
  EXPECT_TRUE(sipsak.contain(299));
  EXPECT_FALSE(sipsak.contain(300));
  const auto builtin = valid({{"probe", "builtin"}}).probe_accept;
  EXPECT_TRUE(builtin.contain(200));
  EXPECT_FALSE(builtin.contain(201));
}

TEST(ProbeAccept, CountsForEitherProbeIfItIsSet) {
  for (const auto* probe : {"sipsak", "builtin"}) {
    const auto accepted = valid({{"probe", probe}, {"probe_accept", "2xx,404"}}).probe_accept;
    EXPECT_TRUE(accepted.contain(202)) << probe;
    EXPECT_TRUE(accepted.contain(404)) << probe;
    EXPECT_FALSE(accepted.contain(403)) << probe;
  }
}

TEST(ProbeUri, IsTheDocumentedOneIfItIsNotSetOrEmpty) {
  EXPECT_EQ(valid({{"port", "5070"}}).probe_uri, "sip:monitor@127.0.0.1:5070");
  EXPECT_EQ(valid({{"probe_uri", ""}}).probe_uri, "sip:monitor@127.0.0.1:5060");
  EXPECT_EQ(valid({{"probe", "builtin"}, {"probe_uri", "sip:ping@example.com"}}).probe_uri,
            "sip:ping@example.com");
}

TEST(ProbeUri, MayNameAnotherUserForSipsakToo) {
  EXPECT_EQ(valid({{"probe_uri", "sip:ping@127.0.0.1:5060"}}).probe_uri, "sip:ping@127.0.0.1:5060");
  EXPECT_EQ(valid({{"probe_uri", "sip:127.0.0.1:5060"}}).probe_uri, "sip:127.0.0.1:5060");
}

TEST(AnEmptyProbeParameter, MeansTheDefault) {
  const auto parameters = valid(
      {{"probe", ""}, {"probe_timeout", ""}, {"probe_accept", ""}, {"probe_uri", ""}, {"rpc", ""}});
  EXPECT_EQ(parameters.probe, Probe::sipsak);
  EXPECT_EQ(parameters.probe_timeout, std::nullopt);
  EXPECT_TRUE(parameters.probe_accept.contain(202));
  EXPECT_EQ(parameters.probe_uri, "sip:monitor@127.0.0.1:5060");
  EXPECT_EQ(parameters.rpc, std::nullopt);
}

TEST(ProbeUri, NeedsTheAgentsOwnProbeForAnotherHost) {
  const auto errors = parse({{"probe_uri", "sip:ping@example.com"}}).errors;
  ASSERT_THAT(names_of(errors), ElementsAre("probe_uri"));
  EXPECT_THAT(errors.front().text, HasSubstr("probe=builtin"));
}

TEST(ProbeUri, IsASipUri) {
  for (const auto* uri : {"monitor", "sips:a@b", "sip:a@b?x=y", "sip:a b@c", "sip:a@b\r\nX: y"}) {
    const auto errors = parse({{"probe", "builtin"}, {"probe_uri", uri}}).errors;
    ASSERT_THAT(names_of(errors), ElementsAre("probe_uri")) << uri;
    EXPECT_THAT(errors.front().text, HasSubstr("SIP URI"));
  }
}

TEST(Rpc, IsAUnixSocketOfEitherKind) {
  using host::Endpoint;
  EXPECT_EQ(valid({}).rpc, std::nullopt);
  EXPECT_EQ(valid({{"rpc", ""}}).rpc, std::nullopt);
  EXPECT_EQ(valid({{"rpc", "unixd:/run/k.sock"}}).rpc,
            (Endpoint{.kind = Endpoint::Kind::unix_datagram, .address = "/run/k.sock"}));
  EXPECT_EQ(valid({{"rpc", "unixs:/run/k_ctl"}}).rpc,
            (Endpoint{.kind = Endpoint::Kind::unix_stream, .address = "/run/k_ctl"}));
}

TEST(Rpc, TakesThePlaceOfKamctlUnlessTheUserWantsBoth) {
  EXPECT_EQ(valid({}).kamctlrc, "/etc/kamailio/kamctlrc");
  EXPECT_EQ(valid({{"rpc", ""}}).kamctlrc, "/etc/kamailio/kamctlrc");
  EXPECT_EQ(valid({{"rpc", "none"}}).kamctlrc, "/etc/kamailio/kamctlrc");
  EXPECT_EQ(valid({{"kamctlrc", "none"}}).kamctlrc, "");
  EXPECT_EQ(valid({{"rpc", "none"}}).rpc, std::nullopt);
  EXPECT_EQ(valid({{"rpc", "unixd:/run/k.sock"}}).kamctlrc, "");
  EXPECT_EQ(valid({{"rpc", "unixd:/run/k.sock"}, {"kamctlrc", "/etc/k"}}).kamctlrc, "/etc/k");
}

TEST(MonitoringIp, CannotBeIpv6ForSipsakWhichHasNone) {
  const auto errors = parse({{"monitoring_ip", "::1"}}).errors;
  ASSERT_THAT(names_of(errors), ElementsAre("monitoring_ip"));
  EXPECT_THAT(errors.front().text,
              AllOf(HasSubstr("sipsak"), HasSubstr("probe=builtin"), HasSubstr("IPv4")));
}

// Errors.

TEST(AWrongValue, IsRefusedWithItsNameItsValueAndWhatIsAllowed) {
  struct Case {
    std::string name;
    std::vector<std::string> values;
    std::string allowed;
  };
  const std::vector<std::string> no_paths = {"kamailio", "./kamailio", "/",
                                             "/etc/",    "/a\nb",      "~/a"};
  const std::vector<std::string> no_accounts = {"a b", "a:b", "a/b", "a\tb", " "};
  const std::vector<Case> cases = {
      {"binary", no_paths, "absolute path"},
      {"conffile", no_paths, "absolute path"},
      {"pidfile", no_paths, "absolute path"},
      {"sipsak", no_paths, "absolute path"},
      {"kamctl", no_paths, "absolute path"},
      {"kamctlrc", no_paths, "absolute path"},
      {"binary", {""}, "absolute path"},
      {"conffile", {""}, "absolute path"},
      {"sipsak", {""}, "absolute path"},
      {"kamctl", {""}, "absolute path"},
      {"monitoring_ip", {"", "localhost", "999.1.1.1x", "1.2.3", "127.0.0.1 "}, "IPv4 address"},
      {"listen_address",
       {"", "sip.example.org", "999.1.1.1x", "[::1]", "fe80::1%eth0", "1.2.3.4:5060"},
       "IPv4 or IPv6 address"},
      {"port",
       {"", "0", "65536", "banana", "-1", "+5060", " 5060", "5060 ", "0x10", "5060.0",
        "99999999999999999999"},
       "1 to 65535"},
      {"extra_options", {"'", "-A \"X", "a\\"}, "quoted as in a shell"},
      {"extra_options",
       {"-P /x", "-P/x", "-m 8 -DD", "-D", "-c", "-ED", "-dc", "-rP/x", "-EP /x"},
       "is not allowed"},
      {"proto", {"", "sctp", "UDP", "conf_", "tcpudp", "udp,tcp", "udptcp "}, "conf_udptcp"},
      {"kamuser", no_accounts, "name or number"},
      {"kamgroup", no_accounts, "name or number"},
      {"stop_grace", {"", "0", "-1s", "1.5s", "soon", "20 s", "25h"}, "1ms to 24h"},
      {"probe", {"SIPSAK", "builtin ", "kamctl"}, "sipsak, builtin"},
      {"probe_timeout", {"0", "-1s", "1.5s", "soon", "20 s", "25h"}, "1ms to 24h"},
      {"watch", {"0", "-1s", "1.5s", "soon", "20 s", "25h"}, "1ms to 24h"},
      {"watch_interval", {"0", "99ms", "1.5s", "soon", "25h"}, "100ms to 24h"},
      {"watch_depth_interval", {"0", "1.5s", "soon"}, "1ms to 24h"},
      {"probe_accept", {"199", "1xx", "7xx", "x00", "20", "200,", ",", "200 404"}, "2xx,404"},
      {"rpc",
       {"/run/k.sock", "unixd:", "unixd:k.sock", "unixs:/", "unixd:/run/", "tcp:127.0.0.1:2049",
        "unixd:/" + std::string(107, 'x'), "unixd:/a\nb"},
       "unixd:/path"},
  };
  for (const auto& [name, values, allowed] : cases) {
    for (const auto& value : values) {
      SCOPED_TRACE(name + "='" + value + "'");
      const auto errors = parse({{name, value}}).errors;
      ASSERT_THAT(names_of(errors), ElementsAre(name));
      EXPECT_THAT(errors.front().text,
                  AllOf(StartsWith(name + "=" + value + ": "), HasSubstr(allowed)));
    }
  }
}

TEST(WatchDepthInterval, IsNotLongerThanTheWatch) {
  EXPECT_EQ(parse({{"watch", "50s"}, {"watch_depth_interval", "50s"}}).values.watch_depth_interval,
            50s);
  const auto errors = parse({{"watch", "50s"}, {"watch_depth_interval", "51s"}}).errors;
  ASSERT_THAT(names_of(errors), ElementsAre("watch_depth_interval"));
  EXPECT_THAT(errors.front().text, HasSubstr("expected at most the time of watch"));
}

TEST(WatchDepthInterval, IsIgnoredWithoutAWatch) {
  const auto parsed = parse({{"watch_depth_interval", "50s"}});
  EXPECT_THAT(parsed.errors, IsEmpty());
  EXPECT_EQ(parsed.values.watch_depth_interval, std::nullopt);
  EXPECT_THAT(names_of(parse({{"watch", "x"}, {"watch_depth_interval", "50s"}}).errors),
              ElementsAre("watch"));
}

TEST(Errors, AreReportedAllTogetherInTheOrderOfTheTable) {
  const Given given = {{"binary", "x"},
                       {"conffile", "x"},
                       {"pidfile", "x"},
                       {"monitoring_ip", "x"},
                       {"port", "x"},
                       {"extra_options", "'"},
                       {"proto", "x"},
                       {"sipsak", "x"},
                       {"kamctl", "x"},
                       {"kamctlrc", "x"},
                       {"kamuser", "x y"},
                       {"kamgroup", "x y"},
                       {"stop_grace", "x"},
                       {"listen_address", "x"},
                       {"probe", "x"},
                       {"probe_timeout", "x"},
                       {"probe_accept", "x"},
                       {"probe_uri", "x"},
                       {"rpc", "x"},
                       {"watch", "x"},
                       {"watch_interval", "x"},
                       {"watch_depth_interval", "x"}};
  const auto errors = parse_exactly(given).errors;
  std::vector<std::string> table;
  for (const auto& parameter : agent_spec().parameters) {
    table.push_back(parameter.name);
  }
  EXPECT_EQ(names_of(errors), table);
}

TEST(ARefusal, HasTheTextsOfAllErrors) {
  const auto errors = parse({{"port", "banana"}, {"proto", "sctp"}}).errors;
  EXPECT_THAT(refusal(errors),
              Optional(ends_with(ExitCode::not_configured,
                                 AllOf(HasSubstr("port=banana: "), HasSubstr("proto=sctp: ")))));
}

TEST(ARefusal, IsNoneWithoutErrors) { EXPECT_EQ(refusal(parse({}).errors), std::nullopt); }

TEST(ARefusal, LooksOnlyAtTheParametersThatAreNeeded) {
  const auto errors = parse({{"port", "banana"}, {"binary", "x"}}).errors;
  EXPECT_THAT(refusal(errors, identity_parameters()),
              Optional(ends_with(ExitCode::not_configured,
                                 AllOf(HasSubstr("binary="), Not(HasSubstr("port="))))));
  EXPECT_EQ(refusal(parse({{"port", "banana"}}).errors, identity_parameters()), std::nullopt);
}

TEST(AStop, NeedsToKnowOnlyBinaryAndPidFile) {
  EXPECT_THAT(identity_parameters(), ElementsAre("binary", "pidfile"));
}

TEST(AMonitor, NeedsNoParameterThatOnlyAStartReads) {
  for (const std::string name :
       {"conffile", "listen_address", "extra_options", "kamuser", "kamgroup", "stop_grace"}) {
    EXPECT_EQ(std::ranges::count(monitoring_parameters(), name), 0) << name;
  }
}

}  // namespace
}  // namespace kamailio
