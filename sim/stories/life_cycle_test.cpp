#include "sim/testing/story.h"

#include <csignal>
#include <string>
#include <vector>

// A healthy server, from its start to its stop.

namespace sim::stories {
namespace {

using ocf::ExitCode;

class LifeCycleStory : public StoryTest {};

TEST_F(LifeCycleStory, StartsAnswersAndStops) {
  EXPECT_THAT(probe(), is_not_running());
  EXPECT_THAT(start(), AllOf(succeeds(), takes_at_most(seconds(1))));
  EXPECT_THAT(monitor(), succeeds());
  EXPECT_THAT(stop(), AllOf(succeeds(), takes_at_most(seconds(1))));
  EXPECT_THAT(monitor(), is_not_running());
  expect_nothing_left();
}

TEST_F(LifeCycleStory, IsTheSameWithBuiltinProbes) {
  ask_with_builtin();
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(monitor(), AllOf(succeeds(), takes_at_most(milliseconds(50))));
  EXPECT_THAT(stop(), succeeds());
  expect_nothing_left();
}

TEST_F(LifeCycleStory, IsTheSameThroughBinrpc) {
  one = one.with("probe", "builtin").with("rpc", "unixs:/run/kamailio/kamailio_ctl");
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(node.run("monitor", one, {.check_level = 20}), succeeds());
  EXPECT_THAT(stop(), succeeds());
}

TEST_F(LifeCycleStory, LivesOnIPv6WithBuiltinProbes) {
  one = one.with("listen_address", "::1").with("probe", "builtin").with("kamctlrc", "");
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(monitor(), succeeds());
  EXPECT_THAT(stop(), succeeds());
  expect_nothing_left();
}

TEST_F(LifeCycleStory, StartsOnceIfItIsStartedTwice) {
  EXPECT_THAT(start(), succeeds());
  const auto before = node.processes_of(one);
  EXPECT_THAT(start(), succeeds());
  EXPECT_EQ(node.processes_of(one), before);
}

TEST_F(LifeCycleStory, StopsWhatIsStoppedAlready) {
  EXPECT_THAT(stop(), succeeds());
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(stop(), succeeds());
  EXPECT_THAT(stop(), succeeds());
  expect_nothing_left();
}

TEST_F(LifeCycleStory, RunsAsAnotherUser) {
  one = one.with("kamuser", "kamailio").with("kamgroup", "kamailio");
  ask_with_builtin();
  EXPECT_THAT(start(), succeeds());
  for (const int pid : node.processes_of(one)) {
    EXPECT_EQ(node.machine().processes.find(pid)->identity.user, 113U);
  }
  EXPECT_THAT(monitor(), succeeds());
  EXPECT_THAT(stop(), succeeds());
  expect_nothing_left();
}

TEST_F(LifeCycleStory, LooksDeeperAtCheckLevel20) {
  ask_with_builtin();
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(node.run("monitor", one, {.check_level = 20}), succeeds());
}

TEST_F(LifeCycleStory, HasThreeInstancesSideBySide) {
  std::vector<cluster::Resource> instances;
  for (const std::string name : {"one", "two", "three"}) {
    const std::string config = "/etc/kamailio/" + name + ".cfg";
    node.machine().put_directory("/run/" + name);
    node.machine().put_file(config, kamailio_config("/run/" + name));
    instances.push_back(one.with("conffile", config)
                            .with("port", std::to_string(5060 + 10 * instances.size()))
                            .with("kamctlrc", ""));
    instances.back().name = name;
  }
  for (const auto& instance : instances) {
    EXPECT_THAT(node.run("start", instance), succeeds());
  }
  for (const auto& instance : instances) {
    EXPECT_THAT(node.run("monitor", instance), succeeds());
  }
  EXPECT_THAT(node.run("stop", instances[1]), succeeds());
  EXPECT_THAT(node.run("monitor", instances[0]), succeeds());
  EXPECT_THAT(node.run("monitor", instances[1]), is_not_running());
  EXPECT_THAT(node.run("monitor", instances[2]), succeeds());
}

TEST_F(LifeCycleStory, FreezesAloneAmongThreeInstances) {
  const auto two = [&] {
    auto other = one.with("port", "5070").with("pidfile", "/run/two/kamailio.pid");
    other.name = "two";
    return other.with("kamctlrc", "");
  }();
  one = one.with("kamctlrc", "");
  EXPECT_THAT(start(), succeeds());
  EXPECT_THAT(node.run("start", two), succeeds());
  node.send(SIGSTOP, Whom::all, two);
  EXPECT_THAT(node.run("monitor", two), fails(ExitCode::generic_error, "OPTIONS"));
  EXPECT_THAT(monitor(), succeeds());
  EXPECT_THAT(node.run("stop", two), succeeds());
  EXPECT_THAT(monitor(), succeeds());
}

}  // namespace
}  // namespace sim::stories
