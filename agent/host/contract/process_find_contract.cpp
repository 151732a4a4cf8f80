#include "agent/host/contract/process_table_contract.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
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

}  // namespace host::contract
