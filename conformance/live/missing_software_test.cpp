// Nodes that lack some of what the agent uses, or lose it while the server runs.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

namespace live {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What the agent's own probe has no use for is not missed.
cluster::Resource with_tools(const cluster::Resource& resource) {
  return resource.with("probe", "sipsak");
}

class MissingSoftware : public ::testing::TestWithParam<const char*> {
 protected:
  [[nodiscard]] static cluster::Resource broken(const cluster::Resource& resource) {
    return with_tools(resource).with(GetParam(), "/nowhere/file");
  }
  [[nodiscard]] static ResultMatcher is_reported() {
    return fails(5, HasSubstr(std::string(GetParam()) + "=/nowhere/file"));
  }
};

TEST_P(MissingSoftware, IsReportedByValidationAndStart) {
  const auto resource = broken(make_resource_with_kamctl("p_kam", 5060));
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}), is_reported());
  EXPECT_THAT(agent().run(resource, {.action = "start"}), is_reported());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Node, MissingSoftware,
                         ::testing::Values("binary", "sipsak", "kamctl", "kamctlrc"),
                         [](const auto& tested) { return std::string(tested.param); });

class MissingTool : public MissingSoftware {};

TEST_P(MissingTool, IsReportedByAMonitorOfARunningServer) {
  const auto resource = make_resource_with_kamctl("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(broken(resource), {.action = "monitor"}), is_reported());
  EXPECT_THAT(agent().run(broken(resource), {.action = "stop"}), succeeds());
}

INSTANTIATE_TEST_SUITE_P(Node, MissingTool, ::testing::Values("sipsak", "kamctl", "kamctlrc"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(MissingEverything, IsReportedAtOnce) {
  auto resource = make_resource("p_kam", 5060);
  for (const auto* const parameter : {"binary", "conffile", "sipsak", "kamctl", "kamctlrc"}) {
    resource = resource.with(parameter, "/nowhere/file");
  }
  EXPECT_THAT(agent().run(with_tools(resource), {.action = "validate-all"}),
              fails(5, AllOf(HasSubstr("binary="), HasSubstr("conffile="), HasSubstr("sipsak="),
                             HasSubstr("kamctl="), HasSubstr("kamctlrc="))));
}

TEST(MissingEverything, AProbeOfANodeWithoutKamailioSaysThatNothingRuns) {
  auto resource = make_resource("p_kam", 5060);
  for (const auto* const parameter : {"binary", "conffile", "sipsak", "kamctl", "kamctlrc"}) {
    resource = resource.with(parameter, "/nowhere/file");
  }
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), is_not_running());
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
}

TEST(MissingSipsak, IsNotMissedByTheBuiltinProbe) {
  const auto resource =
      make_resource("p_kam", 5060).with("probe", "builtin").with("sipsak", "/nowhere/file");
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
}

// A server whose program and tools are copies that a test can take away.
class CopiedSoftware : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(run_program({"mkdir", "/tmp/bin"}), 0);
    ASSERT_EQ(run_program({"cp", "/usr/sbin/kamailio", "/usr/bin/sipsak", "/tmp/bin"}), 0);
    resource_ = make_resource("p_kam", 5060)
                    .with("binary", "/tmp/bin/kamailio")
                    .with("sipsak", "/tmp/bin/sipsak");
    ASSERT_THAT(agent().run(resource_, {.action = "start"}), succeeds());
  }

  cluster::Resource resource_;  // NOLINT: GoogleTest's way
};

TEST_F(CopiedSoftware, StopWorksWhenProgramToolsAndConffileAreGone) {
  ASSERT_EQ(run_program({"rm", "-r", "/tmp/bin", "/etc/kamailio/p_kam.cfg"}), 0);
  EXPECT_THAT(agent().run(resource_, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource_), IsEmpty());
}

TEST_F(CopiedSoftware, AServerWhoseProgramAndConffileAreGoneIsStillMonitored) {
  ASSERT_EQ(run_program({"rm", "/tmp/bin/kamailio", "/etc/kamailio/p_kam.cfg"}), 0);
  EXPECT_THAT(agent().run(resource_, {.action = "monitor"}), succeeds());
  EXPECT_THAT(
      agent().run(with_tools(resource_).with("sipsak", "/nowhere/file"), {.action = "monitor"}),
      fails(5, HasSubstr("sipsak=")));
}

// As a package upgrade does.
TEST_F(CopiedSoftware, AServerWhoseProgramWasReplacedIsMonitoredAndStopped) {
  ASSERT_EQ(run_program({"cp", "/usr/sbin/kamailio", "/tmp/bin/new"}), 0);
  ASSERT_EQ(run_program({"mv", "/tmp/bin/new", "/tmp/bin/kamailio"}), 0);
  const auto processes = processes_of(resource_);
  EXPECT_THAT(agent().run(resource_, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource_, {.action = "start"}), succeeds());
  EXPECT_EQ(processes_of(resource_), processes);
  EXPECT_THAT(agent().run(resource_, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource_), IsEmpty());
}

}  // namespace
}  // namespace live
