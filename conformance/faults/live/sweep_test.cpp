// The sweep must detect agents that violate the rules: small scripts around the built agent.

#include "conformance/faults/sweep.h"

#include "conformance/faults/fault.h"
#include "conformance/live/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace faults {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

// Its lines run before the built agent.
std::string agent_that(const std::string& lines) {
  const std::string path = "/run/broken-agent";
  live::write_file(path, "#!/bin/sh\n" + lines + "\n" + live::agent().agent() + " \"$@\"\n");
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  return path;
}

std::vector<Rule> broken_without_a_fault(Sweep& sweep, const std::string& case_name) {
  return sweep.count(*sweep.case_named(case_name)).first.broken;
}

// The rules that a fault in that process violates.
std::vector<Rule> broken_by_a_fault(Sweep& sweep, const std::string& case_name,
                                    const std::string& process) {
  const auto& swept = *sweep.case_named(case_name);
  std::vector<Rule> all_broken;
  bool is_reached = false;
  for (const auto& fault : faults_in(case_name, sweep.count(swept).second)) {
    if (fault.process == process && fault.call == "openat" && fault.error == "ENOMEM") {
      const auto run = sweep.play(swept, fault);
      is_reached = is_reached || !run.call.empty();
      all_broken.insert(all_broken.end(), run.broken.begin(), run.broken.end());
    }
  }
  EXPECT_TRUE(is_reached);
  return all_broken;
}

TEST(Sweep, FindsNothingWrongWithTheAgentWithoutAFault) {
  Sweep sweep(live::agent().agent(), AGENT_FAULTS);
  for (const auto& swept : sweep.cases()) {
    const auto [run, trace] = sweep.count(swept);
    EXPECT_THAT(run.broken, IsEmpty()) << swept.name << ": " << run.seen.result.reason;
    EXPECT_THAT(faults_in(swept.name, trace), Not(IsEmpty())) << swept.name;
  }
}

TEST(Sweep, FindsAnAgentThatSucceedsWithoutDoingAnything) {
  Sweep sweep(agent_that("exit 0"), AGENT_FAULTS);
  EXPECT_THAT(broken_without_a_fault(sweep, "start"), Contains(Rule::truth));
  EXPECT_THAT(broken_without_a_fault(sweep, "monitor"), Contains(Rule::truth));
  EXPECT_THAT(broken_without_a_fault(sweep, "probe"), Contains(Rule::truth));
}

TEST(Sweep, FindsAStopThatDoesNothing) {
  Sweep sweep(agent_that("[ $1 != stop ] || exit 0"), AGENT_FAULTS);
  EXPECT_THAT(broken_without_a_fault(sweep, "stop"),
              AllOf(Contains(Rule::truth), Contains(Rule::stop), Contains(Rule::leftovers)));
}

TEST(Sweep, FindsAStopThatEndsAnotherKamailio) {
  Sweep sweep(agent_that("[ $1 != stop ] || pkill -f /run/bystander/kamailio.pid"), AGENT_FAULTS);
  EXPECT_THAT(broken_without_a_fault(sweep, "stop"), Contains(Rule::foreign));
}

TEST(Sweep, FindsAStopThatEndsWhateverIsNamedKamailio) {
  Sweep sweep(agent_that("[ $1 != stop ] || pkill -u nobody -x kamailio"), AGENT_FAULTS);
  EXPECT_THAT(broken_without_a_fault(sweep, "stop"), Contains(Rule::foreign));
}

TEST(Sweep, FindsAStopThatEndsWhateverHasThePidFileInItsArguments) {
  Sweep sweep(agent_that("[ $1 != stop ] || pkill -x tail"), AGENT_FAULTS);
  EXPECT_THAT(broken_without_a_fault(sweep, "stop"), Contains(Rule::foreign));
}

TEST(Sweep, FindsAnAgentThatDies) {
  Sweep sweep(agent_that("[ $1 != monitor ] || kill -SEGV $$"), AGENT_FAULTS);
  EXPECT_THAT(broken_without_a_fault(sweep, "probe"), Contains(Rule::signal));
}

TEST(Sweep, FindsAnAgentThatDoesNotReturn) {
  Sweep sweep(agent_that("[ $1 != monitor ] || sleep 60"), AGENT_FAULTS);
  EXPECT_THAT(broken_without_a_fault(sweep, "probe"), Contains(Rule::time));
}

TEST(Sweep, FindsAHelperThatIsLeft) {
  std::filesystem::copy_file("/bin/sleep", "/run/sipsak");
  Sweep sweep(agent_that("[ $1 != monitor ] || setsid /run/sipsak 60 >/dev/null 2>&1 &"),
              AGENT_FAULTS);
  EXPECT_THAT(broken_without_a_fault(sweep, "probe"), Contains(Rule::leftovers));
}

TEST(Sweep, FindsAMonitorThatTakesAnUnreadablePidFileForAStoppedInstance) {
  Sweep sweep(
      agent_that("[ $1 != monitor ] || read pid </run/kamailio_swept/kamailio.pid || exit 7"),
      AGENT_FAULTS);
  EXPECT_THAT(broken_without_a_fault(sweep, "monitor"), IsEmpty());
  EXPECT_THAT(broken_by_a_fault(sweep, "monitor", "agent"), Contains(Rule::truth));
}

TEST(Sweep, FindsWhatIsWrongWithAProcessThatTheAgentForks) {
  Sweep sweep(agent_that("[ $1 != monitor ] || (read line </etc/passwd) || exit 5"), AGENT_FAULTS);
  EXPECT_THAT(broken_without_a_fault(sweep, "probe"), IsEmpty());
  EXPECT_THAT(broken_by_a_fault(sweep, "probe", "agent.1"), Contains(Rule::code));
}

}  // namespace
}  // namespace faults
