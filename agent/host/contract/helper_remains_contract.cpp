#include "agent/host/contract/process_runner_contract.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace host::contract {

TEST_P(HelperRemainsContract, IncludeNoBackgroundProcess) {
  const Command helper = command({{Act::start_child, "", 0, {{Act::stay}}}, {Act::exit, "", 3}});
  EXPECT_EQ(run(helper), ProcessResult(Exited{.code = 3, .output = {}}));
  EXPECT_LT(now(), helper.deadline - seconds(15));
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelperRemainsContract, IncludeNoProcessThatIgnoresSigterm) {
  const Command helper =
      command({{Act::start_child, "", 0, {{Act::ignore_terminate}, {Act::stay}}}});
  EXPECT_PRED1(exited, run(helper));
  EXPECT_LT(now(), helper.deadline - seconds(15));
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelperRemainsContract, IncludeNoProcessThatWritesWithoutEnd) {
  const Command helper = command(
      {{Act::start_child, "", 0, {{Act::ignore_terminate}, {Act::flood_out}}}, {Act::exit, "", 3}});
  EXPECT_PRED1(exited, run(helper));
  EXPECT_LT(now(), helper.deadline - seconds(15));
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelperRemainsContract, IncludeNoProcessInAnotherSession) {
  EXPECT_PRED1(exited, run({{Act::start_session, "", 0, {{Act::stay}}}}));
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelperRemainsContract, IncludeNoDaemon) {
  EXPECT_PRED1(exited, run({{Act::start_daemon, "", 0, {{Act::stay}}}}));
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelperRemainsContract, IncludeNoFamilyOfProcesses) {
  const Script grandchildren = {{Act::start_session, "", 0, {{Act::stay}}},
                                {Act::start_daemon, "", 0, {{Act::ignore_terminate}, {Act::stay}}},
                                {Act::start_child, "", 0, {{Act::stay}}},
                                {Act::ignore_terminate},
                                {Act::stay}};
  EXPECT_PRED1(exited, run({{Act::start_session, "", 0, grandchildren},
                            {Act::start_child, "", 0, grandchildren}}));
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelperRemainsContract, IncludeNoProcessAfterTheDeadline) {
  const Script stays = {{Act::ignore_terminate}, {Act::stay}};
  EXPECT_PRED1(timed_out, run(command({{Act::start_child, "", 0, stays},
                                       {Act::start_session, "", 0, stays},
                                       {Act::start_daemon, "", 0, stays},
                                       {Act::stay}},
                                      short_time)));
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelperRemainsContract, GetSigtermAtTheDeadlineInOtherSessionsToo) {
  const auto tidies = [&](const std::string& name) {
    return Script{{Act::touch_at_terminate, in_directory(name)}, {Act::stay}};
  };
  EXPECT_PRED1(timed_out, run(command({{Act::start_child, "", 0, tidies("child")},
                                       {Act::start_session, "", 0, tidies("session")},
                                       {Act::start_daemon, "", 0, tidies("daemon")},
                                       {Act::touch_at_terminate, in_directory("helper")},
                                       {Act::stay}},
                                      short_time)));
  EXPECT_EQ(world().entries(), (std::vector<std::string>{"child", "daemon", "helper", "session"}));
}

TEST_P(HelperRemainsContract, IncludeNoDescriptor) {
  const int before = world().open_descriptors();
  (void)run_all({command({{Act::start_daemon, "", 0, {{Act::stay}}}}),
                 command({{Act::stay}}, milliseconds(50)), command_of(world().missing_program())});
  EXPECT_EQ(world().open_descriptors(), before);
}

TEST_P(HelperRemainsContract, IncludeNoChildOfThisProcess) {
  const int before = world().children();
  (void)run_all({command({{Act::start_daemon, "", 0, {{Act::stay}}}}),
                 command({{Act::stay}}, milliseconds(50)), command_of(world().missing_program())});
  EXPECT_EQ(world().children(), before);
}

TEST_P(HelperRemainsContract, DoNotIncludeOtherChildrenOfThisProcess) {
  const ProcessId other = world().process();
  EXPECT_PRED1(exited, run({{Act::start_daemon, "", 0, {{Act::stay}}}}));
  EXPECT_PRED1(timed_out, run(command({{Act::stay}}, milliseconds(50))));
  EXPECT_TRUE(world().lives(other));
}

TEST_P(ReplyFifoContract, IsRemovedAfterAnExit) {
  EXPECT_PRED1(exited, run(command_with_fifo({{Act::exit, "", 3}})));
  EXPECT_TRUE(world().entries().empty());
}

TEST_P(ReplyFifoContract, IsRemovedAfterASignal) {
  EXPECT_EQ(run(command_with_fifo({{Act::die, "", 9}})),
            ProcessResult(Signaled{.signal = 9, .output = {}}));
  EXPECT_TRUE(world().entries().empty());
}

TEST_P(ReplyFifoContract, IsRemovedAfterTheDeadline) {
  EXPECT_PRED1(timed_out,
               run(command_with_fifo({{Act::ignore_terminate}, {Act::stay}}, short_time)));
  EXPECT_TRUE(world().entries().empty());
}

TEST_P(ReplyFifoContract, IsRemovedWhenTheHelperIsAbandoned) {
  const Command helper = command_with_fifo({{Act::stay}});
  const auto process = world().process_that_ends_after(short_time);
  const auto results = runner().run(std::vector{helper}, process);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_PRED1(abandoned, results[0]);
  EXPECT_TRUE(world().entries().empty());
}

TEST_P(ReplyFifoContract, StaysIfNoPrefixNamesIt) {
  EXPECT_PRED1(exited, run({{Act::make_fifo, prefix()}}));
  EXPECT_EQ(world().entries().size(), 1U);
}

TEST_P(ReplyFifoContract, IsTheOneWithThePidOfTheHelper) {
  Command helper = command(
      {{Act::start_child, "", 0, {{Act::make_fifo, prefix()}, {Act::stay}}}, {Act::write_pid}});
  helper.reply_fifo_prefix = prefix();
  EXPECT_PRED1(exited, run(helper));
  EXPECT_EQ(world().entries().size(), 1U);
}

TEST_P(ReplyFifoContract, IsNotARegularFileOfThatName) {
  Command helper = command({{Act::make_file, prefix()}});
  helper.reply_fifo_prefix = prefix();
  EXPECT_PRED1(exited, run(helper));
  EXPECT_EQ(world().entries().size(), 1U);
}

TEST_P(ReplyFifoContract, MayBeMissing) {
  Command helper = command({{Act::exit, "", 3}});
  helper.reply_fifo_prefix = prefix();
  EXPECT_EQ(run(helper), ProcessResult(Exited{.code = 3, .output = {}}));
}

TEST_P(KilledAgentContract, LeavesNothingIfItAloneIsKilled) {
  const auto agent = world().agent_that_runs(helpers());
  ASSERT_TRUE(all_run());
  agent->kill();
  EXPECT_TRUE(all_are_gone());
}

// The cluster continues as soon as it has killed the agent.
TEST_P(KilledAgentContract, LeavesItsHelpersNoTimeToTidyUp) {
  const auto agent = world().agent_that_runs({command({
      {Act::touch_at_terminate, in_directory("tidy")},
      {Act::make_file, in_directory("ready_")},
      {Act::stay},
  })});
  ASSERT_TRUE(eventually([&] { return world().entries().size() == 1; }));
  agent->kill();
  ASSERT_TRUE(eventually([&] { return world().living() == 0; }));
  EXPECT_EQ(world().entries().size(), 1U) << "ready, but not tidy";
}

TEST_P(KilledAgentContract, LeavesNothingIfItsGroupIsKilled) {
  const auto agent = world().agent_that_runs(helpers());
  ASSERT_TRUE(all_run());
  agent->kill_group();
  EXPECT_TRUE(all_are_gone());
}

}  // namespace host::contract
