// A server whose processes all exist and do nothing.

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

void freeze(const cluster::Resource& resource) {
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  signal_all(resource, SIGSTOP);
}

TEST(FrozenServer, IsReportedWithinTheTimeout) {
  const auto resource = make_resource("p_kam", 5060);
  freeze(resource);
  EXPECT_THAT(agent().run(resource, {.action = "monitor", .timeout = 4s}),
              fails(1, AllOf(HasSubstr("OPTIONS"), HasSubstr("udp"), HasSubstr("tcp"),
                             HasSubstr("no answer"))));
}

TEST(FrozenServer, IsReportedWithKamctlToo) {
  const auto resource = make_resource_with_kamctl("p_kam", 5060);
  freeze(resource);
  const auto others = processes_besides(resource);
  const auto files = entries_of("/tmp");
  const auto result = agent().run(resource, {.action = "monitor", .timeout = 4s});
  EXPECT_THAT(result, fails(1, HasSubstr("OPTIONS")));
  // What the builtin probe has found is not asked again by a tool.
  const bool asks_kamctl =
      !resource.parameters.contains("probe") || resource.parameters.at("probe") == "sipsak";
  EXPECT_EQ(result.reason.find("kamctl monitor 1") != std::string::npos, asks_kamctl);
  EXPECT_TRUE(eventually([&] { return processes_besides(resource) == others; }));
  EXPECT_EQ(entries_of("/tmp"), files);
}

TEST(FrozenServer, IsThereForACheckOfTheProcessesAlone) {
  const auto resource = make_resource("p_kam", 5060);
  freeze(resource);
  EXPECT_THAT(agent().run(resource, {.action = "monitor", .check_level = 0}), succeeds());
}

TEST(FrozenServer, IsStoppedQuickly) {
  const auto resource = make_resource("p_kam", 5060);
  freeze(resource);
  const auto result = agent().run(resource, {.action = "stop", .timeout = 60s});
  EXPECT_THAT(result, succeeds());
  EXPECT_LT(result.took, 10s);
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(FrozenServer, FailsAStartWithinTheTimeoutAndStopCleansUp) {
  const auto resource = make_resource("p_kam", 5060);
  freeze(resource);
  EXPECT_THAT(agent().run(resource, {.action = "start", .timeout = 3s}),
              fails(1, HasSubstr("OPTIONS")));
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

}  // namespace
}  // namespace live
