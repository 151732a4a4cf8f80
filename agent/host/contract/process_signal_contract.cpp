#include "agent/host/contract/process_table_contract.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace host::contract {

TEST_P(ProcessSignalContract, TerminateEndsAProcess) {
  const ProcessId process = start();
  EXPECT_TRUE(succeeds(table().send(process, Signal::terminate)));
  EXPECT_TRUE(ends(process));
}

TEST_P(ProcessSignalContract, KillEndsAStoppedProcess) {
  const ProcessId process = start();
  world().stop(process.pid);
  EXPECT_TRUE(succeeds(table().send(process, Signal::kill)));
  EXPECT_TRUE(ends(process));
}

TEST_P(ProcessSignalContract, ResumeLetsAStoppedProcessRun) {
  const ProcessId process = start();
  world().stop(process.pid);
  EXPECT_TRUE(succeeds(table().send(process, Signal::resume)));
  EXPECT_TRUE(becomes(process.pid, ProcessState::running));
}

TEST_P(ProcessSignalContract, ReachesOneProcessOnly) {
  const ProcessId process = start();
  const ProcessId other = start();
  EXPECT_TRUE(succeeds(table().send(process, Signal::kill)));
  EXPECT_TRUE(ends(process));
  EXPECT_TRUE(world().lives(other.pid));
}

TEST_P(ProcessSignalContract, DoesNotReachALaterProcessWithTheSamePid) {
  const ProcessId later = start();
  const ProcessId earlier = earlier_one_with_the_pid_of(later);
  EXPECT_TRUE(fails_with(table().send(earlier, Signal::kill), ErrorKind::not_found,
                         std::to_string(earlier.pid)));
  EXPECT_EQ(table().wait_until_gone(std::vector{later}, in(milliseconds(50))), std::vector{later});
}

TEST_P(ProcessSignalContract, HasNoEffectOnAZombie) {
  const ProcessId process = start();
  world().make_zombie(process.pid);
  EXPECT_TRUE(succeeds(table().send(process, Signal::kill)));
}

TEST_P(ProcessSignalContract, SaysNotFoundForAnEndedProcess) {
  const ProcessId process = start();
  world().end(process.pid);
  EXPECT_TRUE(fails_with(table().send(process, Signal::terminate), ErrorKind::not_found,
                         std::to_string(process.pid)));
}

TEST_P(ProcessSignalContract, SaysNotFoundForWhatIsNoPid) {
  // Harmless even if it reached the group or everybody, as kill(2) has it.
  EXPECT_TRUE(fails_with(table().send({.pid = 0}, Signal::resume), ErrorKind::not_found, "0"));
  EXPECT_TRUE(fails_with(table().send({.pid = -1}, Signal::resume), ErrorKind::not_found, "-1"));
}

TEST_P(ProcessWaitContract, ReturnsAtOnceForNoProcess) {
  const TimePoint deadline = in(seconds(30));
  EXPECT_TRUE(table().wait_until_gone({}, deadline).empty());
  EXPECT_LT(world().clock().now(), deadline - seconds(15));
}

TEST_P(ProcessWaitContract, ReturnsAtOnceForAnEndedProcess) {
  const ProcessId process = start();
  world().end(process.pid);
  const TimePoint deadline = in(seconds(30));
  EXPECT_TRUE(table().wait_until_gone(std::vector{process}, deadline).empty());
  EXPECT_LT(world().clock().now(), deadline - seconds(15));
}

TEST_P(ProcessWaitContract, TakesAZombieForGone) {
  const ProcessId process = start();
  world().make_zombie(process.pid);
  const TimePoint deadline = in(seconds(30));
  EXPECT_TRUE(table().wait_until_gone(std::vector{process}, deadline).empty());
  EXPECT_LT(world().clock().now(), deadline - seconds(15));
}

TEST_P(ProcessWaitContract, TakesAProcessForGoneWhosePidALaterOneHas) {
  const ProcessId earlier = earlier_one_with_the_pid_of(start());
  const TimePoint deadline = in(seconds(30));
  EXPECT_TRUE(table().wait_until_gone(std::vector{earlier}, deadline).empty());
  EXPECT_LT(world().clock().now(), deadline - seconds(15));
}

TEST_P(ProcessWaitContract, ReturnsAsSoonAsTheLastHasEnded) {
  const std::vector processes = {
      id_of(world().start_that_ends_after(milliseconds(100), {})),
      id_of(world().start_that_ends_after(milliseconds(200), {})),
  };
  const TimePoint deadline = in(seconds(30));
  EXPECT_TRUE(table().wait_until_gone(processes, deadline).empty());
  EXPECT_LT(world().clock().now(), deadline - seconds(15));
}

TEST_P(ProcessWaitContract, ReturnsThoseThatStillLiveAtTheDeadline) {
  const ProcessId first = start();
  const ProcessId ended = start();
  const ProcessId last = start();
  world().end(ended.pid);
  const TimePoint deadline = in(milliseconds(100));
  EXPECT_EQ(table().wait_until_gone(std::vector{first, ended, last}, deadline),
            (std::vector{first, last}));
  EXPECT_GE(world().clock().now(), deadline);
}

TEST_P(ProcessWaitContract, LeavesOutThoseThatEndBeforeTheDeadline) {
  const ProcessId living = start();
  const ProcessId ending = id_of(world().start_that_ends_after(milliseconds(10), {}));
  ASSERT_TRUE(ends(ending));
  EXPECT_EQ(table().wait_until_gone(std::vector{ending, living}, in(milliseconds(50))),
            std::vector{living});
}

TEST_P(ProcessWaitContract, LooksOnceIfTheDeadlineHasPassed) {
  const ProcessId living = start();
  const ProcessId ended = start();
  world().end(ended.pid);
  EXPECT_EQ(table().wait_until_gone(std::vector{ended, living}, in(seconds(-1))),
            std::vector{living});
}

TEST_P(ProcessWaitContract, TakesAStoppedProcessForLiving) {
  const ProcessId process = start();
  world().stop(process.pid);
  EXPECT_EQ(table().wait_until_gone(std::vector{process}, in(milliseconds(50))),
            std::vector{process});
}

TEST_P(ProcessWaitContract, WaitsOnThroughSignals) {
  const ProcessId process = start();
  world().while_signals_arrive([&] {
    const TimePoint deadline = in(milliseconds(150));
    EXPECT_EQ(table().wait_until_gone(std::vector{process}, deadline), std::vector{process});
    EXPECT_GE(world().clock().now(), deadline);
  });
}

TEST_P(ProcessOwnershipContract, LetsNobodySignalAProcessOfOthers) {
  const ProcessId process = start();
  world().as_ordinary_user([&] {
    EXPECT_TRUE(fails_with(table().send(process, Signal::kill), ErrorKind::not_permitted,
                           std::to_string(process.pid)));
  });
  EXPECT_TRUE(world().lives(process.pid));
}

TEST_P(ProcessOwnershipContract, LetsAUserSignalTheUsersOwnProcess) {
  const ProcessId process = id_of(world().start_of_ordinary_user({}));
  world().as_ordinary_user(
      [&] { EXPECT_TRUE(succeeds(table().send(process, Signal::terminate))); });
  EXPECT_TRUE(ends(process));
}

TEST_P(ProcessOwnershipContract, LetsAUserWaitForAProcessOfOthers) {
  const ProcessId living = start();
  const ProcessId ending = id_of(world().start_that_ends_after(milliseconds(50), {}));
  world().as_ordinary_user([&] {
    EXPECT_TRUE(ends(ending));
    EXPECT_EQ(table().wait_until_gone(std::vector{living}, in(milliseconds(50))),
              std::vector{living});
  });
}

TEST_P(ContainerSignalContract, KeepsAProcessFromSignals) {
  const int pid = world().start_in_container({});
  const ProcessId neighbour = start();
  // A start time close by: what a caller may have recorded for an earlier process with this pid.
  for (std::uint64_t age = 0; age < 200; ++age) {
    const ProcessId guess = {.pid = pid, .start_time = neighbour.start_time - age};
    ASSERT_TRUE(
        fails_with(table().send(guess, Signal::kill), ErrorKind::not_found, std::to_string(pid)));
  }
  EXPECT_TRUE(world().lives(pid));
}

}  // namespace host::contract
