#include "agent/agent.h"

#include "agent/kamailio/spec.h"
#include "agent/kamailio/testing/fake_host.h"
#include "agent/kamailio/testing/node.h"
#include "agent/ocf/metadata.h"
#include "agent/ocf/testing/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using kamailio::testing::FakeHost;
using kamailio::testing::Node;
using ocf::ExitCode;
using ocf::testing::ends_with;
using ocf::testing::succeeds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const host::Environment from_cluster = {{"OCF_ROOT", "/usr/lib/ocf"},
                                        {"OCF_RA_VERSION_MAJOR", "1"},
                                        {"OCF_RESOURCE_INSTANCE", "p_kam"},
                                        {"OCF_RESKEY_listen_address", "192.0.2.1"}};

host::Environment with(const std::string& name, const std::string& value) {
  auto environment = from_cluster;
  environment[name] = value;
  return environment;
}

Answer ask(const std::vector<std::string>& arguments, const host::Environment& environment) {
  FakeHost bare;  // with nothing on it
  return answer(bare.host(), ocf::parse_request(arguments, environment));
}

TEST(TheAgent, GivesItsMetadata) {
  const auto given = ask({"meta-data"}, from_cluster);
  EXPECT_THAT(given.outcome, succeeds());
  EXPECT_EQ(given.out, ocf::metadata_xml(kamailio::agent_spec()));
}

TEST(TheAgent, GivesItsMetadataWithoutAnyEnvironment) {
  EXPECT_THAT(ask({"meta-data"}, {}).outcome, succeeds());
}

TEST(TheAgent, GivesItsMetadataWhateverElseIsWrong) {
  for (const auto& environment :
       {with("OCF_RA_VERSION_MAJOR", "2"), with("OCF_RESOURCE_INSTANCE", ""),
        with("OCF_CHECK_LEVEL", "deep"), with("OCF_RESKEY_port", "banana")}) {
    EXPECT_THAT(ask({"meta-data"}, environment).outcome, succeeds());
  }
}

TEST(TheAgent, PrintsItsUsageOnRequest) {
  for (const std::string action : {"usage", "help"}) {
    const auto given = ask({action}, {});
    EXPECT_THAT(given.outcome, succeeds());
    EXPECT_THAT(given.out, StartsWith("usage: "));
  }
}

TEST(TheAgent, NamesAllItsActionsInTheUsage) {
  const auto usage = ask({"usage"}, {}).out;
  for (const auto& action : kamailio::agent_spec().actions) {
    EXPECT_THAT(usage, HasSubstr(action.name));
  }
}

TEST(TheAgent, WithoutAnActionPrintsItsUsageAndFails) {
  const auto given = ask({}, from_cluster);
  EXPECT_THAT(given.outcome, ends_with(ExitCode::invalid_arguments, HasSubstr("missing action")));
  EXPECT_THAT(given.out, StartsWith("usage: "));
}

TEST(TheAgent, DoesNotImplementAnUnknownAction) {
  for (const std::string action : {"promote", "reload", "Start", "start ", "migrate_to"}) {
    EXPECT_THAT(ask({action}, from_cluster).outcome,
                ends_with(ExitCode::unimplemented, HasSubstr(action)));
  }
}

TEST(TheAgent, ImplementsEveryActionOfItsTable) {
  for (const auto& action : kamailio::agent_spec().actions) {
    EXPECT_NE(ask({action.name}, from_cluster).outcome.code, ExitCode::unimplemented)
        << action.name;
  }
}

TEST(TheAgent, IgnoresFurtherArguments) {
  EXPECT_THAT(ask({"notify", "stop", "--force"}, from_cluster).outcome, succeeds());
}

TEST(TheAgent, TakesNotificationsAndDoesNothing) {
  const auto given = ask({"notify"}, from_cluster);
  EXPECT_THAT(given.outcome, succeeds());
  EXPECT_THAT(given.out, IsEmpty());
}

TEST(TheAgent, PrintsNothingForTheOtherActions) {
  for (const std::string action :
       {"start", "stop", "monitor", "status", "validate-all", "reload-agent", "notify"}) {
    EXPECT_THAT(ask({action}, from_cluster).out, IsEmpty()) << action;
  }
}

TEST(TheAgent, DoesNotActInAnotherVersionOfTheApi) {
  EXPECT_THAT(ask({"monitor"}, with("OCF_RA_VERSION_MAJOR", "2")).outcome,
              ends_with(ExitCode::unimplemented, HasSubstr("OCF_RA_VERSION_MAJOR=2")));
}

TEST(TheAgent, DoesNotActForAnInstanceWithoutAName) {
  for (const std::string action : {"start", "stop", "monitor"}) {
    EXPECT_THAT(ask({action}, with("OCF_RESOURCE_INSTANCE", "")).outcome,
                ends_with(ExitCode::invalid_arguments, HasSubstr("OCF_RESOURCE_INSTANCE")));
  }
}

TEST(TheAgent, RejectsAnInvalidCheckLevel) {
  EXPECT_THAT(ask({"monitor"}, with("OCF_CHECK_LEVEL", "deep")).outcome,
              ends_with(ExitCode::not_configured, HasSubstr("OCF_CHECK_LEVEL=deep")));
}

// The longest timeout of Pacemaker. A deadline that overflows would be in the past.
TEST(TheAgent, TakesItsTimeUnderTheLongestTimeoutThatCanBeWritten) {
  Node node;
  node.set("CRM_meta_timeout", "9223372036854775807")
      .set("kamctlrc", "")
      .mood(Node::Mood::is_not_up);
  node.mood_after(std::chrono::seconds(25), Node::Mood::answers);
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_GE(node.elapsed(), std::chrono::seconds(25));
  node.mood(Node::Mood::is_silent);
  EXPECT_THAT(node.run("monitor"), ends_with(ExitCode::generic_error, HasSubstr("sipsak")));
  EXPECT_GT(node.elapsed(), std::chrono::seconds(30)) << "sipsak gives up by itself";
  EXPECT_THAT(node.run("stop"), succeeds());
}

std::optional<std::chrono::milliseconds> longest_time_of(const std::string& action,
                                                         const std::string& timeout) {
  return longest_time(ocf::parse_request({action}, with("OCF_RESKEY_CRM_meta_timeout", timeout)));
}

TEST(TheAgent, HasALongestTimeBetweenItsDeadlinesAndTheTimeout) {
  using std::chrono::milliseconds;
  for (const std::string action :
       {"start", "stop", "monitor", "status", "validate-all", "reload-agent"}) {
    EXPECT_EQ(longest_time_of(action, "30000"), milliseconds(29'000)) << action;
    EXPECT_EQ(longest_time_of(action, "1000"), milliseconds(900)) << action;
  }
  EXPECT_EQ(longest_time_of("start", "0"), milliseconds(59'000)) << "the suggested timeout";
  EXPECT_EQ(longest_time_of("validate-all", "0"), milliseconds(4'750));
}

TEST(TheAgent, HasNoLongestTimeForAStopWithoutATimeout) {
  EXPECT_EQ(longest_time_of("stop", "0"), std::nullopt);
}

TEST(TheAgent, HasNoLongestTimeForActionsThatDoNotUseTheMachine) {
  for (const std::string action : {"meta-data", "usage", "notify", "", "promote"}) {
    EXPECT_EQ(longest_time_of(action, "30000"), std::nullopt) << action;
  }
}

bool may_wait_with(const std::string& action, const std::string& interval,
                   const std::string& parameter) {
  auto environment = with("OCF_RESKEY_CRM_meta_interval", interval);
  environment["OCF_RESKEY_" + parameter] = "20s";
  return may_wait(ocf::parse_request({action}, environment));
}

TEST(TheAgent, MayWaitOnlyInARecurringMonitorWithWatch) {
  EXPECT_TRUE(may_wait_with("monitor", "10000", "watch"));
  EXPECT_FALSE(may_wait_with("monitor", "10000", "stop_grace"));
  for (const std::string action : {"start", "stop", "monitor", "validate-all"}) {
    EXPECT_FALSE(may_wait_with(action, "0", "watch")) << action;
  }
}

// Records the level with which an outcome is logged.
class LevelLog final : public host::Log {
 public:
  std::optional<host::Level> level;
  void write(host::Level /*level*/, std::string_view /*text*/) override {}
  void exit_reason(host::Level of_reason, std::string_view /*text*/) override { level = of_reason; }
};

std::optional<host::Level> level_of(ExitCode code,
                                    ocf::Recurrence recurrence = ocf::Recurrence::once) {
  LevelLog log;
  report({.code = code, .reason = "why"}, recurrence, log);
  return log.level;
}

// The cluster probes each node, and most of them run nothing.
TEST(TheAgent, LogsNoErrorIfNothingRuns) {
  EXPECT_EQ(level_of(ExitCode::not_running), host::Level::info);
}

TEST(TheAgent, LogsAWarningOfADegradedServerAndAnErrorOfAnyFailure) {
  EXPECT_EQ(level_of(ExitCode::degraded), host::Level::warning);
  EXPECT_EQ(level_of(ExitCode::generic_error), host::Level::error);
  EXPECT_EQ(level_of(ExitCode::not_configured), host::Level::error);
}

// The state can last for days, and the cluster shows it.
TEST(TheAgent, LogsNoWarningInEachMonitorOfADegradedServer) {
  EXPECT_EQ(level_of(ExitCode::degraded, ocf::Recurrence::recurring), host::Level::debug);
  EXPECT_EQ(level_of(ExitCode::generic_error, ocf::Recurrence::recurring), host::Level::error);
}

TEST(TheAgent, PrintsItsVersion) {
  EXPECT_THAT(ask({"--version"}, {}).out, StartsWith("ocf:sip:kamailio "));
}

TEST(TheAgent, HasNoReasonForASuccess) { EXPECT_EQ(level_of(ExitCode::success), std::nullopt); }

TEST(TheAgent, HasAReasonForEveryFailure) {
  for (const auto& action : kamailio::agent_spec().actions) {
    for (const auto& environment :
         {from_cluster, with("OCF_RA_VERSION_MAJOR", "9"), with("OCF_RESKEY_port", "x"),
          with("OCF_RESKEY_pidfile", "x"), with("OCF_RESOURCE_INSTANCE", "a/b")}) {
      const auto outcome = ask({action.name}, environment).outcome;
      EXPECT_EQ(outcome.reason.empty(), outcome.code == ExitCode::success) << action.name;
    }
  }
}

}  // namespace
