#include "agent/host/contract/process_table_contract.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace host::contract {

TEST_P(ProcessFindContract, TellsThePidOfAProcess) {
  const int pid = world().start({});
  EXPECT_EQ(id_of(pid).pid, pid);
}

TEST_P(ProcessFindContract, TellsTheSameIdEachTime) {
  const int pid = world().start({});
  const ProcessId first = id_of(pid);
  EXPECT_EQ(id_of(pid), first);
}

TEST_P(ProcessFindContract, TellsTheParent) {
  const auto process = table().find(world().start({}));
  ASSERT_TRUE(succeeds(process));
  EXPECT_EQ(process->parent, world().own_pid());
}

TEST_P(ProcessFindContract, TellsTheSessionOfTheParent) {
  const auto own = table().find(world().own_pid());
  const auto process = table().find(world().start({}));
  ASSERT_TRUE(succeeds(own));
  ASSERT_TRUE(succeeds(process));
  EXPECT_EQ(process->session, own->session);
}

TEST_P(ProcessSecrecyContract, TellsAsWhomAProcessActs) {
  const auto of_root = table().find(world().start({}));
  const auto of_ordinary_user = table().find(world().start_of_ordinary_user({}));
  ASSERT_TRUE(succeeds(of_root));
  ASSERT_TRUE(succeeds(of_ordinary_user));
  EXPECT_EQ(of_root->users, UserIds());
  const auto user = world().ordinary_user();
  EXPECT_EQ(of_ordinary_user->users, (UserIds{.real = user, .effective = user, .saved = user}));
}

TEST_P(ProcessFindContract, FindsThisProcess) {
  EXPECT_EQ(id_of(world().own_pid()).pid, world().own_pid());
}

TEST_P(ProcessFindContract, TellsEachArgumentAsItIs) {
  const Arguments arguments = {"-f", "", "two words", "line\nend", "\"$x\"", ""};
  const int pid = world().start(arguments);
  const auto process = table().find(pid);
  ASSERT_TRUE(succeeds(process));
  Arguments expected = {world().program_of(pid)};
  expected.insert(expected.end(), arguments.begin(), arguments.end());
  EXPECT_EQ(process->arguments, expected);
}

TEST_P(ProcessFindContract, TellsAllOfALongCommandLine) {
  const std::string long_one(20'000, 'x');
  const auto process = table().find(world().start({long_one, "last"}));
  ASSERT_TRUE(succeeds(process));
  ASSERT_EQ(process->arguments.size(), 3U);
  EXPECT_EQ(process->arguments[1], long_one);
  EXPECT_EQ(process->arguments[2], "last");
}

TEST_P(ProcessFindContract, TellsTheExecutable) {
  const int pid = world().start({});
  const auto process = table().find(pid);
  ASSERT_TRUE(succeeds(process));
  EXPECT_EQ(process->executable, world().program_of(pid));
}

TEST_P(ProcessFindContract, TellsTheFormerPathOfADeletedExecutable) {
  const int pid = world().start({});
  world().delete_program_of(pid);
  const auto process = table().find(pid);
  ASSERT_TRUE(succeeds(process));
  EXPECT_EQ(process->executable, world().program_of(pid));
}

TEST_P(ProcessFindContract, IsNotMisledByTheNameOfAProgram) {
  const auto process = table().find(world().start_with_name("x) Z 1 1", {}));
  ASSERT_TRUE(succeeds(process));
  EXPECT_EQ(process->parent, world().own_pid());
  EXPECT_NE(process->state, ProcessState::zombie);
}

TEST_P(ProcessFindContract, CallsASleepingProcessRunning) {
  EXPECT_TRUE(becomes(world().start({}), ProcessState::running));
}

TEST_P(ProcessFindContract, TellsAStoppedProcess) {
  const int pid = world().start({});
  world().stop(pid);
  EXPECT_EQ(state_of(pid), ProcessState::stopped);
}

TEST_P(ProcessFindContract, TellsAProcessThatWaitsInsideTheKernel) {
  EXPECT_TRUE(becomes(world().start_uninterruptible({}), ProcessState::uninterruptible));
}

TEST_P(ProcessFindContract, FindsAZombieWithoutArguments) {
  const int pid = world().start({"argument"});
  const ProcessId id = id_of(pid);
  world().make_zombie(pid);
  const auto process = table().find(pid);
  ASSERT_TRUE(succeeds(process));
  EXPECT_EQ(process->id, id);
  EXPECT_EQ(process->state, ProcessState::zombie);
  EXPECT_TRUE(process->arguments.empty());
}

TEST_P(ProcessFindContract, SaysNotFoundForAnEndedProcess) {
  const int pid = world().start({});
  world().end(pid);
  EXPECT_TRUE(fails_with(table().find(pid), ErrorKind::not_found, std::to_string(pid)));
}

TEST_P(ProcessFindContract, SaysNotFoundForWhatIsNoPid) {
  EXPECT_TRUE(fails_with(table().find(0), ErrorKind::not_found, "0"));
  EXPECT_TRUE(fails_with(table().find(-1), ErrorKind::not_found, "-1"));
}

TEST_P(ProcessFindContract, SaysNotFoundForAThreadThatIsNoProcess) {
  const int thread = world().start_thread();
  EXPECT_TRUE(fails_with(table().find(thread), ErrorKind::not_found, std::to_string(thread)));
}

TEST_P(ProcessListContract, HasAllProcessesWithTheTextInAnArgument) {
  const int first = world().start({"-f", world().mark()});
  const int second = world().start({"--file=" + world().mark() + ".cfg"});
  auto pids = listed(world().mark());
  std::ranges::sort(pids);
  std::vector expected = {first, second};
  std::ranges::sort(expected);
  EXPECT_EQ(pids, expected);
}

TEST_P(ProcessListContract, HasAllProcessesThatRunAProgramFileOfThatName) {
  const int pid = world().start({"argument"});
  const auto program = world().program_of(pid);
  const std::string name = program.substr(program.rfind('/') + 1);
  EXPECT_THAT(listed({.argument = world().mark(), .programs = {name}}), testing::Contains(pid));
  EXPECT_TRUE(listed({.argument = world().mark(), .programs = {name + "x", "/" + name}}).empty());
}

TEST_P(ProcessListContract, HasAProcessWhoseProgramFileIsDeleted) {
  const int pid = world().start({"argument"});
  const auto program = world().program_of(pid);
  world().delete_program_of(pid);
  EXPECT_THAT(
      listed({.argument = world().mark(), .programs = {program.substr(program.rfind('/') + 1)}}),
      testing::Contains(pid));
}

TEST_P(ProcessListContract, TellsTheSameAsFind) {
  const int pid = world().start({world().mark(), "other"});
  ASSERT_TRUE(becomes(pid, ProcessState::running));
  const auto process = table().find(pid);
  ASSERT_TRUE(succeeds(process));
  EXPECT_EQ(processes_with(world().mark()), std::vector{*process});
}

TEST_P(ProcessListContract, IsEmptyIfNoProcessHasTheText) {
  EXPECT_TRUE(listed(world().mark()).empty());
}

TEST_P(ProcessListContract, LooksWithinOneArgumentAtATime) {
  (void)world().start({world().mark(), "next"});
  EXPECT_TRUE(listed(world().mark() + " next").empty());
  EXPECT_TRUE(listed(world().mark() + "next").empty());
}

TEST_P(ProcessListContract, HasStoppedProcesses) {
  const int pid = world().start({world().mark()});
  world().stop(pid);
  EXPECT_EQ(listed(world().mark()), std::vector{pid});
}

TEST_P(ProcessListContract, HasNoZombies) {
  const int pid = world().start({world().mark()});
  world().make_zombie(pid);
  EXPECT_TRUE(listed(world().mark()).empty());
}

TEST_P(ProcessListContract, HasNoEndedProcesses) {
  world().end(world().start({world().mark()}));
  EXPECT_TRUE(listed(world().mark()).empty());
}

TEST_P(ProcessSecrecyContract, HidesOnlyTheExecutableOfAProcessOfOthers) {
  const int pid = world().start({world().mark()});
  ASSERT_TRUE(becomes(pid, ProcessState::running));
  auto expected = table().find(pid);
  ASSERT_TRUE(succeeds(expected));
  expected->executable.clear();
  world().as_ordinary_user([&] {
    EXPECT_EQ(table().find(pid), expected);
    EXPECT_EQ(processes_with(world().mark()), std::vector{*expected});
  });
}

TEST_P(ContainerFindContract, HidesAProcessFromFind) {
  const int pid = world().start_in_container({});
  EXPECT_TRUE(fails_with(table().find(pid), ErrorKind::not_found, std::to_string(pid)));
}

TEST_P(ContainerFindContract, HidesAProcessFromTheList) {
  (void)world().start_in_container({world().mark()});
  EXPECT_TRUE(listed(world().mark()).empty());
}

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
