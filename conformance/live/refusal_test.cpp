// The agent's reasons for configurations with which a real Kamailio does not start.

#include "conformance/live/fixtures.h"
#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace live {
namespace {

using ::testing::AnyOf;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class Refusal : public ::testing::TestWithParam<std::string> {};

TEST_P(Refusal, IsExplainedByItsCauseFirst) {
  const FixtureDirectory fixtures("refusals");
  const auto config = fixtures.read(GetParam() + ".cfg");
  const auto module = header_of(config, "needs");
  if (!module.empty() && !has_module(module)) {
    GTEST_SKIP() << "the module " << module << " is not installed";
  }
  fixtures.copy_all_to("/etc/kamailio");
  const auto resource = make_resource("p_kam", 5060)
                            .with("conffile", "/etc/kamailio/kamailio.cfg")
                            .with("extra_options", header_of(config, "extra_options"));
  write_file("/etc/kamailio/kamailio.cfg", config);
  const auto start = agent().run(resource, {.action = "start"});
  EXPECT_THAT(start.code, AnyOf(1, 2));
  const auto looked_up = header_of(config, "looked up");
  const auto cause = looked_up.empty() ? header_of(config, "cause") : looked_up;
  EXPECT_THAT(start.reason, StartsWith(cause + "; "));
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), is_not_running());
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(OfARealKamailio, Refusal,
                         ::testing::ValuesIn(FixtureDirectory("refusals").configurations()),
                         [](const auto& test) { return name_of_test_of(test.param); });

}  // namespace
}  // namespace live
