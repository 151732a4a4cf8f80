// The agent's command line and its output.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

namespace live {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Interface, WithoutAnActionTheUsageIsPrinted) {
  const auto result = agent().run(make_resource("p_kam", 5060), {.action = ""});
  EXPECT_THAT(result, fails(2, HasSubstr("action")));
  EXPECT_THAT(result.out, HasSubstr("usage"));
}

// OCF 1.1, section 3.3.
TEST(Interface, FurtherArgumentsAreIgnored) {
  const auto resource = make_resource("p_kam", 5060);
  const std::vector<std::string> further = {"stop", "--help", ""};
  ASSERT_THAT(agent().run(resource, {.action = "start", .further_arguments = further}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor", .further_arguments = further}),
              succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "stop", .further_arguments = further}), succeeds());
}

class LogFile : public ::testing::TestWithParam<const char*> {};

TEST_P(LogFile, TakesTheMessagesWithTheNameOfTheInstance) {
  const auto resource = make_resource("p_kam", 5060);
  const auto started =
      agent().run(resource, {.action = "start", .environment = {{GetParam(), "/tmp/cluster.log"}}});
  ASSERT_THAT(started, succeeds());
  EXPECT_THAT(read_file("/tmp/cluster.log"),
              AllOf(ContainsRegex("kamailio\\(p_kam\\)\\[[0-9]+\\]: +INFO: start"),
                    HasSubstr("INFO: started")));
  EXPECT_THAT(started.err, IsEmpty());
}

TEST_P(LogFile, TakesTheReasonOfAFailureTooAndStandardErrorHasItAlone) {
  const auto resource = make_resource("p_kam", 5060).with("conffile", "/nowhere.cfg");
  const auto result =
      agent().run(resource, {.action = "start", .environment = {{GetParam(), "/tmp/cluster.log"}}});
  EXPECT_THAT(result, fails(2, HasSubstr("/nowhere.cfg")));
  EXPECT_EQ(result.err, "ocf-exit-reason:" + result.reason + "\n");
  EXPECT_THAT(
      read_file("/tmp/cluster.log"),
      AllOf(ContainsRegex("kamailio\\(p_kam\\)\\[[0-9]+\\]: +ERROR: "), HasSubstr(result.reason)));
}

INSTANTIATE_TEST_SUITE_P(Interface, LogFile, ::testing::Values("HA_LOGFILE", "PCMK_logfile"),
                         [](const auto& tested) { return std::string(tested.param); });

TEST(Interface, AProbeThatFindsNothingIsNoErrorInTheLog) {
  const auto resource = make_resource("p_kam", 5060);
  EXPECT_THAT(agent().run(resource, {.action = "monitor",
                                     .environment = {{"HA_LOGFILE", "/tmp/cluster.log"}}}),
              is_not_running());
  EXPECT_THAT(read_file("/tmp/cluster.log"), Not(HasSubstr("ERROR")));
}

}  // namespace
}  // namespace live
