// The RPC socket of an instance: jsonrpcs' datagrams and ctl's binrpc.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace live {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// One of the two RPC transports.
struct RpcSocket {
  const char* name;
  std::string Config::*socket;
  const char* scheme;

  friend void PrintTo(const RpcSocket& socket, std::ostream* stream) {
    *stream << socket.name;
  }  // NOLINT
};

class Rpc : public ::testing::TestWithParam<RpcSocket> {
 protected:
  [[nodiscard]] static cluster::Resource make(const Config& base) {
    const std::string path = "/run/kamailio/rpc.sock";
    Config config = base;
    config.*GetParam().socket = path;
    return make_resource("p_kam", 5060, config).with("rpc", GetParam().scheme + path);
  }
};

TEST_P(Rpc, TellsTheUptimeInTheLog) {
  const auto resource = make({});
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  cluster::Operation monitor{
      .action = "monitor",
      .environment = {{"HA_LOGFILE", "/run/log"}, {"OCF_RESKEY_CRM_meta_interval", "0"}}};
  EXPECT_THAT(agent().run(resource, monitor), succeeds());
  EXPECT_THAT(read_file("/run/log"), HasSubstr("up for "));
}

// Each request to sip:fill@... takes about 100 KiB of the server's 8 MiB.
TEST_P(Rpc, ShowsThatSharedMemoryRunsOut) {
  const auto resource = make({.extra = "loadmodule \"htable.so\"\nmax_while_loops=1000\n"
                                       "modparam(\"htable\", \"htable\", \"a=>size=8;\")\n"})
                            .with("extra_options", "-m 8");
  add_to_route("/etc/kamailio/p_kam.cfg",
               "if ($rU == \"fill\") {\n"
               "  $var(end) = $shv(i) + 100;\n"
               "  while ($shv(i) < $var(end)) {\n"
               "    $sht(a=>$shv(i)) = \"" +
                   std::string(1000, 'x') +
                   "\";\n"
                   "    $shv(i) = $shv(i) + 1;\n"
                   "  }\n"
                   "  sl_send_reply(\"200\", \"Filled\"); exit;\n"
                   "}");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor", .check_level = 20}), succeeds());
  cluster::Result result;
  for (int turn = 0; turn < 100 && result.code == 0; ++turn) {
    ASSERT_EQ(run_program({"sipsak", "-s", "sip:fill@127.0.0.1:5060", "-H", "localhost"}), 0);
    result = agent().run(resource, {.action = "monitor", .check_level = 20});
  }
  EXPECT_THAT(result,
              fails(190, AllOf(HasSubstr("degraded"), HasSubstr("% of shared memory is free"))));
  EXPECT_THAT(agent().run(resource, {.action = "monitor", .check_level = 10}), succeeds());
}

INSTANTIATE_TEST_SUITE_P(Over, Rpc,
                         ::testing::Values(RpcSocket{"unixd", &Config::dgram_socket, "unixd:"},
                                           RpcSocket{"unixs", &Config::ctl_socket, "unixs:"}),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace live
