#include "sim/faults/faults.h"

#include "sim/testing/story.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// Injects each fault before each call of the agent to the machine, in each action, and checks what
// must hold then.

namespace sim {
namespace {

using std::chrono::seconds;

struct Moment {
  std::string action;
  int call = 0;  // the number of the call before which the fault is injected, from 1
};

class FaultTest : public ::testing::TestWithParam<Fault> {
 protected:
  static constexpr seconds interval{1};  // of monitors

  // probe: builtin, sipsak, or "watch" for builtin with a monitor that waits.
  static cluster::Resource instance(const std::string& probe) {
    if (probe == "watch") {
      return instance("builtin").with("watch", "3s").with("probe_timeout", "2s");
    }
    cluster::Resource one{.name = "one",
                          .parameters = {{"listen_address", "192.168.159.128"},
                                         {"monitoring_ip", "192.168.159.128"},
                                         {"proto", "udptcp"},
                                         {"kamctlrc", ""},
                                         {"probe", probe}}};
    return probe == "builtin" ? one.with("rpc", "unixd:/run/kamailio/kamailio_rpc.sock") : one;
  }

  // The state before an action of this kind.
  static void prepare(Node& node, const cluster::Resource& one, const std::string& action) {
    node.machine().trace.turn_off();
    if (action != "start") {
      ASSERT_EQ(node.run("start", one).code, 0);
    }
    if (action == "monitor" && one.parameters.contains("watch")) {
      ASSERT_EQ(node.run(action, one, {.interval = interval}).code, 0);
      node.pass(interval);
    }
  }

  static int calls_of(const std::string& action, const cluster::Resource& one) {
    Node node;
    prepare(node, one, action);
    int calls = 0;
    (void)node.run(action, one,
                   {.interval = interval, .on_call = [&](std::string_view) { ++calls; }});
    return calls;
  }

  static std::set<int> strangers(Node& node) {
    std::set<int> pids;
    for (const auto& [pid, process] : node.machine().processes.all()) {
      if (process.name == "cron" && !process.ended) {
        pids.insert(pid);
      }
    }
    return pids;
  }

  static void check(const Fault& fault, const cluster::Resource& one, const Moment& moment) {
    SCOPED_TRACE(fault.name + " before call " + std::to_string(moment.call) + " of " +
                 moment.action + ", probe=" + one.parameters.at("probe"));
    Node node;
    prepare(node, one, moment.action);
    int calls = 0;
    std::string struck_before;
    std::set<int> before;
    const auto strike = [&](std::string_view call) {
      if (++calls == moment.call) {
        struck_before = call;
        fault.strike(node, one);
        before = strangers(node);
      }
    };
    const auto result = node.run(moment.action, one, {.interval = interval, .on_call = strike});
    ASSERT_NE(struck_before, "") << "the fault did not strike";
    SCOPED_TRACE("which was " + struck_before + ": " + ::testing::PrintToString(result));
    EXPECT_EQ(result.killed, fault.name == "agent-killed");
    expect_honest(node, one, moment.action, result);
    EXPECT_EQ(strangers(node), before) << "somebody else's process was ended";
    fault.repair(node, one);
    node.pass(seconds(10));
    EXPECT_EQ(node.run("stop", one).code, 0);
    EXPECT_TRUE(node.processes_of(one).empty());
    EXPECT_EQ(strangers(node), before) << "somebody else's process was ended";
  }

  static void expect_honest(Node& node, const cluster::Resource& one, const std::string& action,
                            const AgentResult& result) {
    EXPECT_FALSE(result.timed_out);
    EXPECT_TRUE(result.code == 0 || result.killed || !result.reason.empty())
        << "it does not say why";
    if (action == "stop" && result.code == 0) {
      EXPECT_TRUE(node.processes_of(one).empty()) << "the cluster would start it elsewhere, too";
    }
    if (result.code == 7) {
      EXPECT_TRUE(node.processes_of(one).empty()) << "the cluster would start it elsewhere, too";
    }
  }
};

TEST_P(FaultTest, IsSurvivedAtAnyMoment) {
  for (const std::string probe : {"builtin", "sipsak", "watch"}) {
    const auto one = instance(probe);
    for (const std::string action : {"start", "monitor", "stop"}) {
      const int calls = calls_of(action, one);
      ASSERT_GT(calls, 0);
      for (int call = 1; call <= calls; ++call) {
        check(GetParam(), one, {.action = action, .call = call});
      }
    }
  }
}

TEST_P(FaultTest, HasAReasonAndASource) {
  EXPECT_NE(GetParam().reason, "");
  EXPECT_NE(GetParam().source, "");
}

INSTANTIATE_TEST_SUITE_P(All, FaultTest, ::testing::ValuesIn(faults().begin(), faults().end()),
                         [](const auto& test) {
                           std::string name = test.param.name;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace sim
