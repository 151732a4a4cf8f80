// The RPC socket of an instance: jsonrpcs' datagrams and ctl's binrpc.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <ostream>
#include <string>
#include <utility>

namespace live {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// One of the two ways to the server.
struct Way {
  const char* name;
  std::string Config::*socket;
  const char* scheme;

  friend void PrintTo(const Way& way, std::ostream* stream) { *stream << way.name; }  // NOLINT
};

class Rpc : public ::testing::TestWithParam<Way> {
 protected:
  [[nodiscard]] static cluster::Resource make(const std::string& name, int port,
                                              const Config& base = {}) {
    const std::string path = "/run/kamailio/" + name + ".sock";
    Config config = base;
    config.*GetParam().socket = path;
    // kamctlrc is not set, as nobody needs to who sets rpc.
    return make_resource(name, port, config).without("kamctlrc").with("rpc", address(path));
  }
  [[nodiscard]] static std::string address(const std::string& path) {
    return GetParam().scheme + path;
  }
  static void expect_a_whole_life(const cluster::Resource& resource) {
    ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
    const auto files = entries_of("/run/kamailio");
    const auto temporary_files = entries_of("/tmp");
    for (const int level : {0, 10, 20}) {
      EXPECT_THAT(agent().run(resource, {.action = "monitor", .check_level = level}), succeeds())
          << level;
    }
    EXPECT_EQ(entries_of("/run/kamailio"), files);
    EXPECT_EQ(entries_of("/tmp"), temporary_files);
    EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
    EXPECT_THAT(leftovers_of(resource), IsEmpty());
  }
};

TEST_P(Rpc, HasAWholeLifeAndLeavesNoSocketBehind) { expect_a_whole_life(make("p_kam", 5060)); }

TEST_P(Rpc, WorksWhenTheServerRunsAsAnotherUser) {
  expect_a_whole_life(make("p_kam", 5060).with("kamuser", "kamailio").with("kamgroup", "kamailio"));
}

TEST_P(Rpc, ChecksEachOfSeveralInstances) {
  const auto first = make("first", 5060);
  const auto second = make("second", 5070);
  ASSERT_THAT(agent().run(first, {.action = "start"}), succeeds());
  ASSERT_THAT(agent().run(second, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(first, {.action = "monitor", .check_level = 20}), succeeds());
  EXPECT_THAT(agent().run(second, {.action = "monitor", .check_level = 20}), succeeds());
}

TEST_P(Rpc, OfAnotherInstanceIsShownAndFailsAStart) {
  const auto first = make("first", 5060);
  const auto second = make("second", 5070);
  ASSERT_THAT(agent().run(first, {.action = "start"}), succeeds());
  ASSERT_THAT(agent().run(second, {.action = "start"}), succeeds());
  const auto confused = second.with("rpc", first.parameters.at("rpc"));
  const auto names_both =
      AllOf(HasSubstr("process " + std::to_string(main_process_of(first))),
            HasSubstr("this instance is process " + std::to_string(main_process_of(second))));
  EXPECT_THAT(agent().run(confused, {.action = "monitor", .check_level = 20}),
              fails(190, names_both));
  EXPECT_THAT(agent().run(confused, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(confused, {.action = "start"}), fails(1, names_both));
}

TEST_P(Rpc, ThatDoesNotExistIsReported) {
  const auto resource = make("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(
      agent().run(resource.with("rpc", address("/run/kamailio/nothing")), {.action = "monitor"}),
      fails(1, AllOf(HasSubstr("rpc=" + address("/run/kamailio/nothing")),
                     HasSubstr("No such file or directory"))));
}

TEST_P(Rpc, OfAFrozenServerIsReportedWithinTheProbeTimeout) {
  const auto resource = make("p_kam", 5060).with("probe", "builtin").with("probe_timeout", "300ms");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  signal_all(resource, SIGSTOP);
  auto quickest = std::chrono::milliseconds(1h);
  for (int turn = 0; turn < 20; ++turn) {  // the server's queue fills
    const auto result = agent().run(resource, {.action = "monitor"});
    EXPECT_THAT(result, fails(1, HasSubstr("core.uptime: no answer within")));
    EXPECT_GE(result.took, 300ms);
    EXPECT_LT(result.took, 2s);
    quickest = std::min(quickest, result.took);
  }
  EXPECT_LE(quickest, 350ms);
  signal_all(resource, SIGCONT);
  EXPECT_TRUE(eventually([&] { return agent().run(resource, {.action = "monitor"}).code == 0; }));
}

TEST_P(Rpc, TellsTheUptimeInTheLog) {
  const auto resource = make("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  cluster::Operation monitor{
      .action = "monitor",
      .environment = {{"HA_LOGFILE", "/run/log"}, {"OCF_RESKEY_CRM_meta_interval", "0"}}};
  EXPECT_THAT(agent().run(resource, monitor), succeeds());
  EXPECT_THAT(read_file("/run/log"), HasSubstr("up for "));
}

TEST_P(Rpc, ShowsAWorkerThatIsStopped) {
  const auto resource = make("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  std::string shown;
  // One that OPTIONS and RPC can do without.
  for (const int pid : processes_of(resource)) {
    if (pid != main_process_of(resource) && shown.empty()) {
      ::kill(pid, SIGSTOP);
      const auto result = agent().run(resource, {.action = "monitor", .check_level = 20});
      if (result.code == 190) {
        shown = result.reason;
        EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
      }
      ::kill(pid, SIGCONT);
      EXPECT_THAT(shown, AllOf(HasSubstr("degraded"), HasSubstr(std::to_string(pid)),
                               HasSubstr("is stopped")));
    }
  }
  EXPECT_THAT(shown, Not(IsEmpty()));
  EXPECT_THAT(agent().run(resource, {.action = "monitor", .check_level = 20}), succeeds());
}

// The main process cannot bury its child while it is stopped itself.
TEST_P(Rpc, ShowsAWorkerThatIsMissing) {
  const auto resource = make("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  ::kill(main_process_of(resource), SIGSTOP);
  const int victim = processes_of(resource).at(5);
  ::kill(victim, SIGKILL);
  ASSERT_TRUE(eventually([&] { return !lives(victim); }));
  EXPECT_THAT(
      agent().run(resource, {.action = "monitor", .check_level = 20}),
      fails(190, AllOf(HasSubstr("process " + std::to_string(victim)), HasSubstr("is missing"))));
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

// In bytes it would be told modulo 2^32: as 3 MiB, with none free.
TEST_P(Rpc, TellsMoreSharedMemoryThanFourGibibytes) {
  const auto resource = make("p_kam", 5060).with("extra_options", "-m 4099");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  const auto result = agent().run(resource, {.action = "monitor", .check_level = 20});
  EXPECT_THAT(result, succeeds());
  EXPECT_THAT(result.err, Not(HasSubstr("core.shmmem")));
}

// About 90 bytes for each: the answer does not fit into a UDP datagram.
TEST_P(Rpc, TellsOfEightHundredProcesses) {
  const auto resource = make("p_kam", 5060, {.extra = "children=800\n"})
                            .with("proto", "udp")
                            .with("probe", "builtin")
                            .with("extra_options", "-m 64 -M 2");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  const auto result = agent().run(resource, {.action = "monitor", .check_level = 20});
  EXPECT_THAT(result, succeeds());
  EXPECT_THAT(result.err, Not(HasSubstr("core.psx")));
}

// Each request to sip:fill@... takes about 100 KiB of the server's 8 MiB.
TEST_P(Rpc, ShowsThatSharedMemoryRunsOut) {
  const auto resource = make("p_kam", 5060,
                             {.extra = "loadmodule \"htable.so\"\nmax_while_loops=1000\n"
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
                         ::testing::Values(Way{"unixd", &Config::dgram_socket, "unixd:"},
                                           Way{"unixs", &Config::ctl_socket, "unixs:"}),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace live
