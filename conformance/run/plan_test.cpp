#include "conformance/run/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace conformance {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::NotNull;

Scenario validates() {
  Scenario scenario{.id = "validates", .variant = "", .topic = "T", .claim = "It validates"};
  scenario.instances = {
      {"one", {.name = "one", .parameters = {{"listen_address", "127.0.0.1"}, {"kamctlrc", ""}}}}};
  scenario.steps = {{.what = {.what = sim::CallAgent{.action = "validate-all", .instance = "one"}},
                     .expects = {.codes = {0}}}};
  return scenario;
}

std::vector<std::string> answers_with(const std::map<std::string, std::string>& defaults) {
  RigSet rigs{.simulated = true};
  rigs.defaults = defaults;
  const auto plan = plan_scenarios({validates()}, rigs);
  return run_all(plan.jobs, 1, [](const Outcome&) {}).at(0).answers;
}

TEST(PlanTest, ParametersOfTheCommandLineCountInTheSimulatorWhereAScenarioSetsNone) {
  EXPECT_THAT(answers_with({}), ElementsAre("validate-all one: success"));
  EXPECT_THAT(answers_with({{"port", "sip"}}), ElementsAre("validate-all one: not configured"));
  EXPECT_THAT(answers_with({{"listen_address", "nowhere"}}),
              ElementsAre("validate-all one: success"));
}

// A short overload of the machine must not fail the agent.
TEST(PlanTest, WhatDoesNotHoldOnANodeIsAskedAgainOnEachRig) {
  auto scenario = validates();
  auto with_an_account = validates();
  with_an_account.instances.at("one").parameters["kamuser"] = "kamailio";
  const RigSet rigs{.simulated = false, .fakes = NodeRig{.rate = 20}, .live = NodeRig{}};
  auto plan = plan_scenarios({scenario, with_an_account}, rigs);
  plan_contract(plan, NodeRig{.rate = 20}, {});
  EXPECT_THAT(plan.jobs, Each(Field(&Job::again, NotNull())));
}

}  // namespace
}  // namespace conformance
