#include "conformance/run/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace conformance {
namespace {

using testing::ElementsAre;

std::vector<std::string> answers_with(const std::map<std::string, std::string>& defaults) {
  Scenario scenario{.id = "validates", .variant = "", .topic = "T", .claim = "It validates"};
  scenario.instances = {
      {"one", {.name = "one", .parameters = {{"listen_address", "127.0.0.1"}, {"kamctlrc", ""}}}}};
  scenario.steps = {{.what = {.what = sim::CallAgent{.action = "validate-all", .instance = "one"}},
                     .expects = {.codes = {0}}}};
  RigSet rigs;
  rigs.defaults = defaults;
  const auto plan = plan_scenarios({scenario}, rigs);
  return run_all(plan.jobs, 1, [](const Outcome&) {}).at(0).answers;
}

TEST(PlanTest, ParametersOfTheCommandLineCountInTheSimulatorWhereAScenarioSetsNone) {
  EXPECT_THAT(answers_with({}), ElementsAre("validate-all one: success"));
  EXPECT_THAT(answers_with({{"port", "sip"}}), ElementsAre("validate-all one: not configured"));
  EXPECT_THAT(answers_with({{"listen_address", "nowhere"}}),
              ElementsAre("validate-all one: success"));
}

}  // namespace
}  // namespace conformance
