#include "agent/host/contract/process_runner_contract.h"

#include <gtest/gtest.h>

#include <string>

namespace host::contract {

TEST_P(LaunchContract, TellsTheExitCode) {
  for (const int code : {0, 1, 255}) {
    EXPECT_EQ(launch({{Act::exit, "", code}}), ProcessResult(Exited{.code = code, .output = {}}));
  }
}

TEST_P(LaunchContract, TellsTheSignalThatEndedIt) {
  EXPECT_EQ(launch({{Act::die, "", 11}}), ProcessResult(Signaled{.signal = 11, .output = {}}));
}

TEST_P(LaunchContract, TellsTheOutputByStream) {
  EXPECT_EQ(launch({{Act::write_out, "to out\n"}, {Act::write_err, "to err\n"}}),
            ProcessResult(Exited{.code = 0, .output = {.out = "to out\n", .err = "to err\n"}}));
}

TEST_P(LaunchContract, ReadsAndDropsOutputBeyond64KiB) {
  const std::string kept = filler(64UL * 1024);
  EXPECT_EQ(launch({{Act::fill_out, "", 500'000}, {Act::fill_err, "", 500'000}}),
            ProcessResult(Exited{.code = 0, .output = {.out = kept, .err = kept}}));
}

TEST_P(LaunchContract, IsNotStartedForAMissingProgram) {
  const std::string program = world().missing_program();
  EXPECT_TRUE(not_started(launch(command_of(program)), ErrorKind::not_found, program));
}

TEST_P(LaunchContract, IsNotStartedForAProgramWithoutExecuteBit) {
  const std::string program = world().program_without_execute_bit();
  EXPECT_TRUE(not_started(launch(command_of(program)), ErrorKind::not_permitted, program));
}

TEST_P(LaunchContract, IsNotStartedForAProgramWithoutItsInterpreter) {
  const std::string program = world().program_without_its_interpreter();
  EXPECT_TRUE(not_started(launch(command_of(program)), ErrorKind::not_found, program));
}

TEST_P(LaunchContract, ReturnsThoughTheDaemonHoldsTheOutput) {
  const Command launcher =
      command({{Act::start_daemon, "", 0, {{Act::stay}}}, {Act::write_out, "text"}});
  EXPECT_EQ(launch(launcher),
            ProcessResult(Exited{.code = 0, .output = {.out = "text", .err = ""}}));
  EXPECT_LT(now(), launcher.deadline - seconds(15));
}

TEST_P(LaunchContract, ReturnsThoughTheDaemonWritesWithoutEnd) {
  const Command launcher = command({{Act::start_daemon, "", 0, {{Act::flood_out}}}});
  EXPECT_PRED1(exited, launch(launcher));
  EXPECT_LT(now(), launcher.deadline - seconds(15));
}

TEST_P(LaunchContract, LeavesTheDaemonAlone) {
  EXPECT_PRED1(exited, launch({{Act::start_daemon, "", 0, {{Act::stay}}}}));
  world().clock().sleep_until(now() + milliseconds(300));
  EXPECT_EQ(world().living(), 1);
}

TEST_P(LaunchContract, LeavesADaemonAloneThatStaysInTheGroup) {
  EXPECT_PRED1(exited, launch({{Act::start_child, "", 0, {{Act::stay}}}}));
  world().clock().sleep_until(now() + milliseconds(300));
  EXPECT_EQ(world().living(), 1);
}

TEST_P(LaunchContract, LeavesTheDaemonAloneWhenHelpersRunLater) {
  EXPECT_PRED1(exited, launch({{Act::start_daemon, "", 0, {{Act::stay}}}}));
  EXPECT_PRED1(exited, run({{Act::start_daemon, "", 0, {{Act::stay}}}}));
  EXPECT_PRED1(timed_out, run(command({{Act::stay}}, milliseconds(50))));
  EXPECT_EQ(world().living(), 1);
}

TEST_P(LaunchContract, KillsTheLauncherAtTheDeadline) {
  const Command launcher =
      command({{Act::write_out, "text"}, {Act::ignore_terminate}, {Act::stay}}, short_time);
  EXPECT_EQ(launch(launcher), ProcessResult(TimedOut{.output = {.out = "text", .err = ""}}));
  EXPECT_GE(now(), launcher.deadline);
  EXPECT_EQ(world().living(), 0);
}

TEST_P(LaunchContract, KillsTheLauncherAloneAtTheDeadline) {
  EXPECT_PRED1(timed_out, launch(command({{Act::start_child, "", 0, {{Act::stay}}},
                                          {Act::start_daemon, "", 0, {{Act::stay}}},
                                          {Act::stay}},
                                         short_time)));
  world().clock().sleep_until(now() + milliseconds(300));
  EXPECT_EQ(world().living(), 2);
}

TEST_P(LaunchContract, KillsALauncherThatHasClosedItsOutput) {
  const Command launcher = command({{Act::close_output}, {Act::stay}}, short_time);
  EXPECT_PRED1(timed_out, launch(launcher));
  EXPECT_GE(now(), launcher.deadline);
  EXPECT_EQ(world().living(), 0);
}

TEST_P(LaunchContract, EndsTheLauncherAloneOnceItSaysThatItIsHopeless) {
  for (const auto act : {Act::write_out, Act::write_err}) {
    auto launcher = command({{Act::start_child, "", 0, {{Act::stay}}},
                             {act, "WARNING: no fork"},
                             {act, " mode\n"},
                             {Act::stay}});
    launcher.hopeless_words = "no fork mode";
    const auto result = launch(launcher);
    EXPECT_PRED1(abandoned, result);
    EXPECT_EQ(output_of(result).out + output_of(result).err, "WARNING: no fork mode\n");
    EXPECT_LT(now(), launcher.deadline - seconds(15));
    EXPECT_GE(world().living(), 1);
  }
}

TEST_P(LaunchContract, WaitsForALauncherThatSaysSomethingElse) {
  auto launcher = command({{Act::write_out, "fork mode"}, {Act::exit, "", 3}});
  launcher.hopeless_words = "no fork mode";
  EXPECT_EQ(launch(launcher),
            ProcessResult(Exited{.code = 3, .output = {.out = "fork mode", .err = ""}}));
}

TEST_P(LaunchContract, DoesNotDependOnSignalsThatArrive) {
  world().while_signals_arrive([&] {
    EXPECT_EQ(launch({{Act::rest, "", 150}, {Act::exit, "", 3}}),
              ProcessResult(Exited{.code = 3, .output = {}}));
  });
}

TEST_P(LaunchContract, DoesNotDependOnWhoReapsEndedChildren) {
  world().ignore_ended_children();
  EXPECT_EQ(launch({{Act::exit, "", 3}}), ProcessResult(Exited{.code = 3, .output = {}}));
}

TEST_P(LaunchContract, LeavesNoDescriptorAndNoChildInThisProcess) {
  const int descriptors = world().open_descriptors();
  const int children = world().children();
  EXPECT_PRED1(exited, launch({{Act::start_daemon, "", 0, {{Act::stay}}}}));
  EXPECT_PRED1(timed_out, launch(command({{Act::stay}}, milliseconds(50))));
  (void)launch(command_of(world().missing_program()));
  EXPECT_EQ(world().open_descriptors(), descriptors);
  EXPECT_EQ(world().children(), children);
}

}  // namespace host::contract
