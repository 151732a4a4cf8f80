// Where the server listens, and over which transports it is asked.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

#include <chrono>

namespace live {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* listen_on_udp = "listen=udp:127.0.0.1:5060\n";
constexpr const char* listen_on_tcp = "listen=tcp:127.0.0.1:5060\n";

cluster::Resource make_listener(const std::string& listen, const std::string& proto) {
  return make_resource("p_kam", 5060, {.listen = listen})
      .with("proto", proto)
      .without("listen_address");
}

TEST(Transport, ConfUdpAsksOverUdpAlone) {
  const auto resource = make_listener(listen_on_udp, "conf_udp");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource.with("proto", "conf_tcp"), {.action = "monitor"}),
              fails(1, AllOf(HasSubstr("over tcp"), Not(HasSubstr("over udp")))));
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(Transport, ConfTcpAsksOverTcpAlone) {
  const auto resource = make_listener(listen_on_tcp, "conf_tcp");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource.with("proto", "conf_udp"), {.action = "monitor"}),
              fails(1, AllOf(HasSubstr("over udp"), Not(HasSubstr("over tcp")))));
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(Transport, ConfUdptcpAsksOverBoth) {
  const auto both =
      make_listener(std::string(listen_on_udp) + std::string(listen_on_tcp), "conf_udptcp");
  ASSERT_THAT(agent().run(both, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(both, {.action = "monitor"}), succeeds());
  ASSERT_THAT(agent().run(both, {.action = "stop"}), succeeds());
  const auto udp_alone = make_listener(listen_on_udp, "conf_udp");
  ASSERT_THAT(agent().run(udp_alone, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(udp_alone.with("proto", "conf_udptcp"), {.action = "monitor"}),
              fails(1, AllOf(HasSubstr("over tcp"), Not(HasSubstr("over udp")))));
}

TEST(Transport, UdpMakesTheServerListenOnUdpAlone) {
  const auto resource = make_resource("p_kam", 5060).with("proto", "udp");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource.with("proto", "tcp"), {.action = "monitor"}),
              fails(1, HasSubstr("over tcp")));
}

TEST(Transport, TcpMakesTheServerListenOnTcpAlone) {
  const auto resource = make_resource("p_kam", 5060).with("proto", "tcp");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource.with("proto", "udp"), {.action = "monitor"}),
              fails(1, HasSubstr("over udp")));
}

// The default monitoring address, 127.0.0.1, is listened on besides.
TEST(Transport, AnIpv6ListenAddressHasAWholeLife) {
  const auto resource = make_resource("p_kam", 5060).with("listen_address", "::1");
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}), succeeds());
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  std::string sockets;
  ASSERT_EQ(run_program({"ss", "--listening", "--numeric", "--udp", "--tcp"}, &sockets), 0);
  EXPECT_THAT(sockets, HasSubstr("[::1]:5060"));
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

// A server that is started without the deaf transport in mind and then asked over both.
class DeafOnOneTransport : public ::testing::Test {
 protected:
  [[nodiscard]] static cluster::Resource start(const std::string& route,
                                               const std::string& healthy) {
    const auto resource =
        make_resource("p_kam", 5060, {.listen = std::string(listen_on_udp) + listen_on_tcp})
            .with("proto", healthy);
    add_to_route("/etc/kamailio/p_kam.cfg", route);
    EXPECT_THAT(agent().run(resource, {.action = "start"}), succeeds());
    return resource.with("proto", "conf_udptcp");
  }
};

TEST_F(DeafOnOneTransport, TcpIsNamedAsTheCulprit) {
  const auto resource = start("if (proto == TCP) { exit; }", "conf_udp");
  EXPECT_THAT(agent().run(resource, {.action = "monitor", .timeout = 4s}),
              fails(1, AllOf(HasSubstr("over tcp"), Not(HasSubstr("over udp")))));
}

TEST_F(DeafOnOneTransport, UdpIsNamedAsTheCulprit) {
  const auto resource = start("if (proto == UDP) { exit; }", "conf_tcp");
  EXPECT_THAT(agent().run(resource, {.action = "monitor", .timeout = 4s}),
              fails(1, AllOf(HasSubstr("over udp"), Not(HasSubstr("over tcp")))));
}

TEST_F(DeafOnOneTransport, ARefusalIsReportedWithTheReply) {
  const auto resource =
      start(R"(if (proto == UDP) { sl_send_reply("503", "Overloaded"); exit; })", "conf_tcp");
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}),
              fails(1, AllOf(HasSubstr("over udp"), HasSubstr("503 Overloaded"),
                             Not(HasSubstr("over tcp")))));
}

}  // namespace
}  // namespace live
