#include "conformance/rigs/profile_text.h"

#include "conformance/scenario/reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <variant>

namespace conformance {
namespace {

using namespace std::chrono_literals;
using AtSigterm = sim::KamailioProfile::AtSigterm;

// The profile of the fakes after all steps of a scenario, which are changes.
ProfileText told(const std::string& setup, const std::string& steps) {
  const auto scenarios = read_scenarios(
      "file",
      "topic: T\nscenarios:\n  - id: a\n    claim: C\n    rests_on: [r]\n    setup: " + setup +
          "\n    instances: {one: {probe: sipsak}, two: {pidfile: /two.pid}}\n    steps: [" +
          steps + "{start: one, expect: success}]\n",
      [](const std::string&) { return true; });
  EXPECT_TRUE(scenarios) << scenarios.error().message();
  ProfileText text;
  const auto& scenario = scenarios->front();
  text.add(scenario.setup, scenario.instances);
  for (const auto& step : scenario.steps) {
    if (const auto* const change = std::get_if<sim::Change>(&step.what.what)) {
      text.add(change->setup, scenario.instances);
    }
  }
  return text;
}

sim::Profile profile(const ProfileText& text, const std::string& pid_file = "") {
  const auto read = sim::read_profile_file("profile", text.text(), pid_file);
  EXPECT_TRUE(read) << read.error().message();
  return *read;
}

TEST(ProfileTextTest, FakesAreToldWhatTheWorldSays) {
  const auto text = told("{kamailio: {end_takes: 3s}, sipsak: {ill: hangs}}", "");
  EXPECT_EQ(profile(text).kamailio.end_takes, 3s);
  EXPECT_EQ(profile(text).sipsak.ill, sim::SipsakProfile::Ill::hangs);
}

TEST(ProfileTextTest, ALaterChangeTakesThePlaceOfTheEarlier) {
  const auto text =
      told("{kamailio: {end_takes: 3s, free_memory: 5}}", "{kamailio: {end_takes: 4s}},");
  EXPECT_EQ(profile(text).kamailio.end_takes, 4s);
  EXPECT_EQ(profile(text).kamailio.free_memory_percent, 5);
}

TEST(ProfileTextTest, AServerIsToldApartByItsPidFile) {
  const auto text = told("{servers: {two: {on_sigterm: ignore}}}", "");
  EXPECT_EQ(profile(text, "/two.pid").kamailio.at_sigterm, AtSigterm::ignore);
  EXPECT_EQ(profile(text, "/var/run/kamailio_one/kamailio.pid").kamailio.at_sigterm,
            AtSigterm::end);
}

TEST(ProfileTextTest, AChangeOfAllServersIsOneOfThatWhichWasChangedBefore) {
  const auto text = told("{servers: {two: {on_sigterm: ignore, free_memory: 5}}}",
                         "{kamailio: {on_sigterm: end}},");
  EXPECT_EQ(profile(text, "/two.pid").kamailio.at_sigterm, AtSigterm::end);
  EXPECT_EQ(profile(text, "/two.pid").kamailio.free_memory_percent, 5);
}

}  // namespace
}  // namespace conformance
