// The part of the health check that kamctl does.

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

constexpr const char* server_fifo = "/run/kamailio/kamailio_rpc.fifo";

TEST(Kamctl, IsFoundWhereDebianHasItWhenNothingIsSet) {
  write_file("/etc/kamailio/kamctlrc", "");
  write_file("/etc/kamailio/kamailio.cfg", config_text({.has_fifo = true}));
  const cluster::Resource resource = {.name = "p_kam",
                                      .parameters = {{"listen_address", "127.0.0.1"}}};
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}), succeeds());
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  ASSERT_EQ(run_program({"rm", server_fifo}), 0);  // so it was really asked
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}),
              fails(1, HasSubstr("/usr/sbin/kamctl")));
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(Kamctl, ThatBlocksIsReportedWithinTheTimeoutAndLeavesNothingBehind) {
  const auto resource = make_resource_with_kamctl("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  ASSERT_EQ(run_program({"rm", server_fifo}), 0);
  ASSERT_EQ(run_program({"mkfifo", "-m", "666", server_fifo}), 0);  // nobody reads it
  const auto others = processes_besides(resource);
  const auto files = entries_of("/tmp");
  EXPECT_THAT(agent().run(resource, {.action = "monitor", .timeout = 4s}),
              fails(1, AllOf(HasSubstr("kamctl monitor 1"), HasSubstr("no answer"))));
  EXPECT_TRUE(eventually([&] { return processes_besides(resource) == others; }));
  EXPECT_EQ(entries_of("/tmp"), files);
}

TEST(Kamctl, LeavesNothingBehindWhenAllIsWell) {
  const auto resource = make_resource_with_kamctl("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  const auto others = processes_besides(resource);
  const auto files = entries_of("/tmp");
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  EXPECT_TRUE(eventually([&] { return processes_besides(resource) == others; }));
  EXPECT_EQ(entries_of("/tmp"), files);
}

class BrokenKamctl : public ::testing::Test {
 protected:
  void SetUp() override {
    resource_ = make_resource_with_kamctl("p_kam", 5060);
    ASSERT_THAT(agent().run(resource_, {.action = "start"}), succeeds());
  }

  [[nodiscard]] cluster::Resource with_kamctl(const std::string& script) const {
    write_file("/tmp/kamctl", "#!/bin/sh\n" + script + "\n");
    EXPECT_EQ(run_program({"chmod", "755", "/tmp/kamctl"}), 0);
    return resource_.with("kamctl", "/tmp/kamctl");
  }

  cluster::Resource resource_;  // NOLINT: GoogleTest's way
};

TEST_F(BrokenKamctl, ThatFailsIsNoReasonToSayThatNothingRuns) {
  EXPECT_THAT(agent().run(with_kamctl("echo 'ERROR: no way' >&2; exit 1"), {.action = "monitor"}),
              fails(1, AllOf(HasSubstr("/tmp/kamctl"), HasSubstr("no way"))));
}

TEST_F(BrokenKamctl, ThatSaysNothingIsNoProofOfLife) {
  EXPECT_THAT(agent().run(with_kamctl("exit 0"), {.action = "monitor"}),
              fails(1, HasSubstr("/tmp/kamctl")));
}

TEST_F(BrokenKamctl, ThatEndsWhileItsChildrenStayIsCleanedUp) {
  const auto resource = with_kamctl("setsid sleep 1000 & echo up_since: today");
  const auto others = processes_besides(resource_);
  const auto result = agent().run(resource, {.action = "monitor"});
  EXPECT_THAT(result, succeeds());
  EXPECT_LT(result.took, 10s);
  EXPECT_TRUE(eventually([&] { return processes_besides(resource_) == others; }));
}

TEST_F(BrokenKamctl, ThatHangsWithChildrenInOtherSessionsIsEndedWithAllOfThem) {
  const auto resource =
      with_kamctl("trap '' TERM; setsid sh -c 'trap \"\" TERM; sleep 1000 & wait' & wait");
  const auto others = processes_besides(resource_);
  EXPECT_THAT(agent().run(resource, {.action = "monitor", .timeout = 2s}),
              fails(1, HasSubstr("/tmp/kamctl")));
  EXPECT_TRUE(eventually([&] { return processes_besides(resource_) == others; }));
}

}  // namespace
}  // namespace live
