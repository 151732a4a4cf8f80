#include "conformance/faults/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace faults {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

Case case_of(const std::string& action, int code = 0) {
  return {.name = action, .operation = {.action = action}, .code = code};
}

Observation ended_with(int code, const std::string& reason = "") {
  return {.result = {.code = code, .reason = reason}};
}

Observation with_instance(Observation seen) {
  seen.instance_lives = true;
  return seen;
}

const Observation stopped = ended_with(0);
const Observation healthy = with_instance(ended_with(0));

TEST(Judge, FindsNothingBrokenWhereAllIsWell) {
  EXPECT_THAT(broken_rules(case_of("start"), "ENOMEM", healthy), IsEmpty());
  EXPECT_THAT(broken_rules(case_of("monitor"), "ENOMEM", healthy), IsEmpty());
  EXPECT_THAT(broken_rules(case_of("monitor", 7), "ENOMEM", ended_with(7)), IsEmpty());
  EXPECT_THAT(broken_rules(case_of("stop"), "ENOMEM", stopped), IsEmpty());
  EXPECT_THAT(broken_rules(case_of("validate-all"), "ENOMEM", stopped), IsEmpty());
}

TEST(Judge, AllowsAnErrorWithAReasonToAllButStop) {
  for (const std::string action : {"start", "monitor", "validate-all"}) {
    EXPECT_THAT(broken_rules(case_of(action), "ENOMEM", ended_with(1, "no memory")), IsEmpty());
  }
}

TEST(Judge, ForbidsStopToSucceedWhileAProcessLives) {
  EXPECT_THAT(broken_rules(case_of("stop"), "ENOMEM", with_instance(ended_with(0))),
              Contains(Rule::truth));
}

TEST(Judge, ForbidsMonitorToCallALivingInstanceStopped) {
  EXPECT_THAT(broken_rules(case_of("monitor", 7), "ENOMEM", with_instance(ended_with(7))),
              ElementsAre(Rule::truth));
}

TEST(Judge, ForbidsStartAndMonitorToSucceedWithoutAProcess) {
  EXPECT_THAT(broken_rules(case_of("start"), "ENOMEM", ended_with(0)), ElementsAre(Rule::truth));
  EXPECT_THAT(broken_rules(case_of("monitor"), "ENOMEM", ended_with(0)), ElementsAre(Rule::truth));
}

TEST(Judge, ForbidsStopToFail) {
  EXPECT_THAT(broken_rules(case_of("stop"), "ENOMEM", ended_with(1, "no memory")),
              ElementsAre(Rule::stop));
}

TEST(Judge, ForbidsStopToLeaveAnything) {
  auto seen = stopped;
  seen.left_by_stop = "a PID file";
  EXPECT_THAT(broken_rules(case_of("stop"), "ENOMEM", seen), ElementsAre(Rule::stop));
}

TEST(Judge, ForbidsCodesThatBanANodeOrTheResource) {
  for (const int code : {2, 3, 5, 6, 8, 9, 127, 190}) {
    EXPECT_THAT(broken_rules(case_of("start"), "EMFILE", ended_with(code, "why")),
                ElementsAre(Rule::code))
        << code;
  }
}

TEST(Judge, AllowsNotPermittedOnlyWhereACallWasRefused) {
  const auto refused = ended_with(4, "permission denied");
  EXPECT_THAT(broken_rules(case_of("monitor"), "EACCES", refused), IsEmpty());
  EXPECT_THAT(broken_rules(case_of("monitor"), "EIO", refused), ElementsAre(Rule::code));
}

TEST(Judge, AllowsMonitorToCallALivingInstanceDegraded) {
  const auto degraded = ended_with(190, "degraded: the PID file cannot be read");
  EXPECT_THAT(broken_rules(case_of("monitor"), "ENOMEM", with_instance(degraded)), IsEmpty());
  EXPECT_THAT(broken_rules(case_of("monitor"), "ENOMEM", degraded), ElementsAre(Rule::truth));
  EXPECT_THAT(broken_rules(case_of("monitor"), "ENOMEM", with_instance(ended_with(190))),
              ElementsAre(Rule::reason));
}

TEST(Judge, ForbidsAProbeToFindWhatIsNotThere) {
  EXPECT_THAT(broken_rules(case_of("monitor", 7), "EIO", ended_with(0)),
              ElementsAre(Rule::truth, Rule::code));
}

TEST(Judge, WantsAReasonForAFailure) {
  EXPECT_THAT(broken_rules(case_of("start"), "EIO", ended_with(1)), ElementsAre(Rule::reason));
}

TEST(Judge, ForbidsTheAgentToDie) {
  auto seen = ended_with(1);
  seen.result.signal = SIGABRT;
  EXPECT_THAT(broken_rules(case_of("start"), "EIO", seen), ElementsAre(Rule::signal));
  EXPECT_THAT(broken_rules(case_of("stop"), "EIO", seen), ElementsAre(Rule::stop, Rule::signal));
}

TEST(Judge, ForbidsTheAgentToRunIntoTheTimeout) {
  auto seen = ended_with(1);
  seen.result.timed_out = true;
  EXPECT_THAT(broken_rules(case_of("start"), "EIO", seen), ElementsAre(Rule::time));
  EXPECT_THAT(broken_rules(case_of("stop"), "EIO", seen), ElementsAre(Rule::stop, Rule::time));
}

TEST(Judge, ForbidsToHurtABystander) {
  auto seen = healthy;
  seen.hurt = {"another Kamailio"};
  EXPECT_THAT(broken_rules(case_of("start"), "EIO", seen), ElementsAre(Rule::foreign));
}

TEST(Judge, WantsTheNextStopToSucceedAndToLeaveNothing) {
  auto seen = healthy;
  seen.left_in_the_end = "a FIFO";
  EXPECT_THAT(broken_rules(case_of("monitor"), "EIO", seen), ElementsAre(Rule::leftovers));
  seen = healthy;
  seen.next_stop.code = 1;
  EXPECT_THAT(broken_rules(case_of("monitor"), "EIO", seen), ElementsAre(Rule::leftovers));
}

TEST(Judge, WantsTheUsualCodeIfNothingFails) {
  EXPECT_THAT(broken_rules(case_of("start"), "", healthy), Not(Contains(Rule::code)));
  EXPECT_THAT(broken_rules(case_of("start"), "", ended_with(1, "why")), ElementsAre(Rule::code));
}

TEST(Judge, HasANameForEachRule) {
  for (const auto rule : all_rules()) {
    EXPECT_NE(name_of(rule), "");
  }
}

}  // namespace
}  // namespace faults
