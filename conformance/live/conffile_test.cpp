// The instance's configuration file, as Kamailio itself judges it.

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

// The mistake is in the third line.
void break_conffile(const std::string& path) {
  write_file(path, "#!KAMAILIO\ndebug=2\nthis is no configuration\nrequest_route { exit; }\n");
}

TEST(Conffile, ABrokenOneIsRefusedWithFileAndLine) {
  const auto resource = make_resource("p_kam", 5060);
  break_conffile("/etc/kamailio/p_kam.cfg");
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}),
              fails(2, AllOf(HasSubstr("/etc/kamailio/p_kam.cfg"), HasSubstr("line 3"))));
}

TEST(Conffile, ABrokenOneFailsTheStartAtOnceAndLeavesNothing) {
  const auto resource = make_resource("p_kam", 5060);
  break_conffile("/etc/kamailio/p_kam.cfg");
  const auto result = agent().run(resource, {.action = "start", .timeout = 60s});
  EXPECT_THAT(result, fails(2, AllOf(HasSubstr("/etc/kamailio/p_kam.cfg"), HasSubstr("line 3"))));
  EXPECT_LT(result.took, 10s);
  EXPECT_THAT(processes_of(resource), IsEmpty());
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(Conffile, TheInstancesOwnIsJudgedAndNotTheDefaultOne) {
  const auto resource = make_resource("p_kam", 5060);
  break_conffile("/etc/kamailio/kamailio.cfg");
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}), succeeds());
}

TEST(Conffile, AMissingOneIsAnErrorOfThisNode) {
  const auto resource = make_resource("p_kam", 5060).with("conffile", "/etc/kamailio/none.cfg");
  const auto expected = fails(2, HasSubstr("conffile=/etc/kamailio/none.cfg"));
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}), expected);
  EXPECT_THAT(agent().run(resource, {.action = "start"}), expected);
}

TEST(Conffile, ADirectoryInItsPlaceIsAnErrorOfThisNode) {
  const auto resource = make_resource("p_kam", 5060).with("conffile", "/etc/kamailio");
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}),
              fails(2, HasSubstr("conffile=/etc/kamailio")));
}

TEST(Conffile, IsJudgedWithTheExtraOptionsThatItNeeds) {
  const auto resource = make_resource("p_kam", 5060, {.extra = "#!ifndef NEEDED\nwrong\n#!endif"});
  EXPECT_THAT(agent().run(resource, {.action = "validate-all"}), fails(2, HasSubstr("p_kam.cfg")));
  EXPECT_THAT(agent().run(resource.with("extra_options", "-A NEEDED"), {.action = "validate-all"}),
              succeeds());
}

}  // namespace
}  // namespace live
