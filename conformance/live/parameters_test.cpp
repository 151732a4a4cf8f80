// What the agent makes of its parameters before it touches anything.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace live {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct BadValue {
  std::string parameter;
  std::string value;
};

void PrintTo(const BadValue& bad, std::ostream* stream) {  // NOLINT: GoogleTest's name
  *stream << bad.parameter << "=" << bad.value;
}

const std::vector<BadValue>& bad_values() {
  static const std::vector<BadValue> values = {
      {"binary", "kamailio"},
      {"conffile", "kamailio.cfg"},
      {"pidfile", "run/kamailio.pid"},
      {"monitoring_ip", "localhost"},
      {"listen_address", "999.1.1.1x"},
      {"port", "banana"},
      {"extra_options", "-A 'X=1"},
      {"proto", "sctp"},
      {"sipsak", "sipsak"},
      {"kamctl", "./kamctl"},
      {"kamctlrc", "kamctlrc"},
      {"kamuser", "no such user"},
      {"kamgroup", "a:b"},
      {"stop_grace", "soon"},
  };
  return values;
}

class ImpossibleValue : public ::testing::TestWithParam<BadValue> {};

TEST_P(ImpossibleValue, IsRefusedEverywhereWithItsNameAndValue) {
  const auto& [parameter, value] = GetParam();
  const auto resource = make_resource("p_kam", 5060).with(parameter, value);
  const auto expected = fails(6, HasSubstr(parameter + "=" + value));
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}), expected);
  EXPECT_THAT(agent().run(resource, {.action = "validate-all", .check_level = 0}), expected);
  EXPECT_THAT(agent().run(resource, {.action = "start"}), expected);
}

INSTANTIATE_TEST_SUITE_P(Parameters, ImpossibleValue, ::testing::ValuesIn(bad_values()),
                         [](const auto& tested) { return tested.param.parameter; });

class ImpossiblePort : public ::testing::TestWithParam<const char*> {};

TEST_P(ImpossiblePort, IsRefused) {
  const auto resource = make_resource("p_kam", 5060).with("port", GetParam());
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}), fails(6, HasSubstr("port=")));
}

INSTANTIATE_TEST_SUITE_P(Parameters, ImpossiblePort,
                         ::testing::Values("", "0", "65536", "-1", "5060x", " 5060", "0x13c4"));

TEST(Parameters, SeveralMistakesAreReportedAtOnce) {
  const std::vector<BadValue> mistakes = {{"conffile", "kamailio.cfg"},
                                          {"listen_address", "999.1.1.1x"},
                                          {"port", "banana"},
                                          {"extra_options", "-A 'X=1"},
                                          {"proto", "sctp"},
                                          {"stop_grace", "soon"}};
  auto resource = make_resource("p_kam", 5060);
  for (const auto& [parameter, value] : mistakes) {
    resource = resource.with(parameter, value);
  }
  const auto result = agent().run(resource, {.action = "validate-all"});
  for (const auto& [parameter, value] : mistakes) {
    EXPECT_THAT(result, fails(6, HasSubstr(parameter + "=" + value)));
  }
}

// Whatever has to be cut from a long reason, the names of what is wrong have to stay.
TEST(Parameters, AllOfThemCanBeWrongAtOnceAndAllAreNamed) {
  auto resource = make_resource("p_kam", 5060);
  for (const auto& [parameter, value] : bad_values()) {
    resource = resource.with(parameter, value);
  }
  const auto result = agent().run(resource, {.action = "validate-all"});
  for (const auto& [parameter, value] : bad_values()) {
    EXPECT_THAT(result, fails(6, HasSubstr(parameter + "=" + value)));
  }
}

TEST(Parameters, AStartWithAMistakeHasNoSideEffects) {
  const auto resource = make_resource("p_kam", 5060).with("stop_grace", "soon");
  const auto run_before = entries_of("/run");
  const auto tmp_before = entries_of("/tmp");
  EXPECT_THAT(agent().run(resource, {.action = "start"}), fails(6, HasSubstr("stop_grace=soon")));
  EXPECT_EQ(entries_of("/run"), run_before);
  EXPECT_EQ(entries_of("/tmp"), tmp_before);
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(Parameters, AnIpv6MonitoringAddressIsRefusedForSipsakWithTheCure) {
  const auto resource =
      make_resource("p_kam", 5060).with("monitoring_ip", "::1").with("probe", "sipsak");
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}),
              fails(6, AllOf(HasSubstr("monitoring_ip=::1"), HasSubstr("probe=builtin"),
                             HasSubstr("127.0.0.1"))));
}

TEST(Parameters, TheListenAddressIsRequired) {
  const auto resource = make_resource("p_kam", 5060).without("listen_address");
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}),
              fails(6, HasSubstr("listen_address")));
}

class ProtoFromTheConffile : public ::testing::TestWithParam<const char*> {};

TEST_P(ProtoFromTheConffile, NeedsNoListenAddress) {
  const auto resource =
      make_resource("p_kam", 5060).with("proto", GetParam()).without("listen_address");
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}), succeeds());
}

INSTANTIATE_TEST_SUITE_P(Parameters, ProtoFromTheConffile,
                         ::testing::Values("conf_udp", "conf_tcp", "conf_udptcp"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(Parameters, AnUnknownUserOrGroupIsAnErrorOfThisNode) {
  const auto resource =
      make_resource("p_kam", 5060).with("kamuser", "nobody1").with("kamgroup", "nogroup1");
  const auto expected =
      fails(2, AllOf(HasSubstr("kamuser=nobody1"), HasSubstr("kamgroup=nogroup1")));
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}), expected);
  EXPECT_THAT(agent().run(resource, {.action = "start"}), expected);
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(Parameters, ValidationIsSilentOnSuccess) {
  const auto resource = make_resource_with_kamctl("p_kam", 5060);
  const auto result = agent().run(resource, {.action = "validate-all"});
  EXPECT_THAT(result, succeeds());
  EXPECT_THAT(result.err, IsEmpty());
  EXPECT_THAT(result.out, IsEmpty());
}

TEST(Parameters, ValidationLooksAtNoFileAtCheckLevelZero) {
  auto resource = make_resource("p_kam", 5060).with("kamuser", "nobody1");
  for (const auto* const parameter : {"binary", "conffile", "sipsak", "kamctl", "kamctlrc"}) {
    resource = resource.with(parameter, "/nowhere/file");
  }
  const auto result = agent().run(resource, {.action = "validate-all", .check_level = 0});
  EXPECT_THAT(result, succeeds());
  EXPECT_THAT(result.err, IsEmpty());
}

// The server runs; a later change of its parameters must not keep the cluster from ending it.
class StopDespite : public ::testing::TestWithParam<BadValue> {};

TEST_P(StopDespite, AMistakeThatSaysNothingOfTheProcesses) {
  const auto resource = make_resource("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(
      agent().run(resource.with(GetParam().parameter, GetParam().value), {.action = "stop"}),
      succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Parameters, StopDespite,
                         ::testing::Values(BadValue{"port", "banana"},
                                           BadValue{"stop_grace", "soon"},
                                           BadValue{"extra_options", "'"}),
                         [](const auto& tested) { return tested.param.parameter; });

}  // namespace
}  // namespace live
