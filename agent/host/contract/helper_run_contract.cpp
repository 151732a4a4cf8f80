#include "agent/host/contract/process_runner_contract.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace host::contract {

TEST_P(HelperResultContract, TellsTheExitCode) {
  for (const int code : {0, 1, 3, 126, 127, 255}) {
    EXPECT_EQ(run({{Act::exit, "", code}}), ProcessResult(Exited{.code = code, .output = {}}));
  }
}

TEST_P(HelperResultContract, TellsTheSignalThatEndedIt) {
  for (const int number : {6, 9, 11, 15}) {
    EXPECT_EQ(run({{Act::die, "", number}}),
              ProcessResult(Signaled{.signal = number, .output = {}}));
  }
}

TEST_P(HelperResultContract, TellsTheOutputBeforeASignal) {
  EXPECT_EQ(run({{Act::write_out, "last words"}, {Act::die, "", 9}}),
            ProcessResult(Signaled{.signal = 9, .output = {.out = "last words", .err = ""}}));
}

TEST_P(HelperResultContract, IsNotStartedForAMissingProgram) {
  const std::string program = world().missing_program();
  EXPECT_TRUE(not_started(run(command_of(program)), ErrorKind::not_found, program));
}

TEST_P(HelperResultContract, IsNotStartedForAProgramWithoutExecuteBit) {
  const std::string program = world().program_without_execute_bit();
  EXPECT_TRUE(not_started(run(command_of(program)), ErrorKind::not_permitted, program));
}

TEST_P(HelperResultContract, IsNotStartedForADirectory) {
  const std::string program = world().directory();
  EXPECT_TRUE(not_started(run(command_of(program)), ErrorKind::not_permitted, program));
}

TEST_P(HelperResultContract, IsNotStartedForAProgramWithoutItsInterpreter) {
  const std::string program = world().program_without_its_interpreter();
  EXPECT_TRUE(not_started(run(command_of(program)), ErrorKind::not_found, program));
}

TEST_P(HelperResultContract, DoesNotDependOnSignalsThatArrive) {
  world().while_signals_arrive([&] {
    EXPECT_EQ(run({{Act::rest, "", 150}, {Act::write_out, "done"}, {Act::exit, "", 3}}),
              ProcessResult(Exited{.code = 3, .output = {.out = "done", .err = ""}}));
  });
}

TEST_P(HelperResultContract, DoesNotDependOnWhoReapsEndedChildren) {
  world().ignore_ended_children();
  EXPECT_EQ(run({{Act::exit, "", 3}}), ProcessResult(Exited{.code = 3, .output = {}}));
}

TEST_P(HelperResultContract, DoesNotDependOnTheStandardStreams) {
  ProcessResult result = NotStarted{};
  world().without_standard_streams([&] {
    result = run({{Act::write_out, "out"}, {Act::write_err, "err"}, {Act::exit, "", 3}});
  });
  EXPECT_EQ(result, ProcessResult(Exited{.code = 3, .output = {.out = "out", .err = "err"}}));
}

TEST_P(HelperOutputContract, IsKeptApartByStream) {
  EXPECT_EQ(run({{Act::write_out, "to out\n"}, {Act::write_err, "to err\n"}}),
            ProcessResult(Exited{.code = 0, .output = {.out = "to out\n", .err = "to err\n"}}));
}

TEST_P(HelperOutputContract, IsKeptUpTo64KiBOnEachStream) {
  const int size = static_cast<int>(kept);
  EXPECT_EQ(run({{Act::fill_out, "", size}, {Act::fill_err, "", size}}),
            ProcessResult(Exited{.code = 0, .output = {.out = filler(kept), .err = filler(kept)}}));
}

TEST_P(HelperOutputContract, IsReadAndDroppedBeyondThat) {
  const int size = 500'000;
  EXPECT_EQ(run({{Act::fill_out, "", size}, {Act::fill_err, "", size}, {Act::exit, "", 3}}),
            ProcessResult(Exited{.code = 3, .output = {.out = filler(kept), .err = filler(kept)}}));
}

TEST_P(HelperOutputContract, IsKeptWithoutTheLinesThatAreToBeIgnored) {
  auto helper = command({{Act::write_err, "0 DEBUG: a\n"},
                         {Act::write_err, "0 ERROR: b\n0 DEB"},
                         {Act::write_err, "UG: c\n1 ERROR: d"}});
  helper.ignored_lines = " DEBUG: ";
  EXPECT_EQ(output_of(run(helper)).err, "0 ERROR: b\n1 ERROR: d");
}

TEST_P(HelperOutputContract, IsKeptUpToTheSameSizeIfItNeverEnds) {
  const auto result = run(command({{Act::flood_out}}, short_time));
  EXPECT_PRED1(timed_out, result);
  EXPECT_EQ(output_of(result).out.size(), kept);
}

TEST_P(HelperOutputContract, MayEndBeforeTheHelper) {
  EXPECT_EQ(run({{Act::write_out, "text"},
                 {Act::close_output},
                 {Act::rest, "", 100},
                 {Act::exit, "", 3}}),
            ProcessResult(Exited{.code = 3, .output = {.out = "text", .err = ""}}));
}

TEST_P(HelperOutputContract, OfItsChildrenIsKeptToo) {
  const auto result = run({{Act::start_child, "", 0, {{Act::write_out, "child "}, {Act::stay}}},
                           {Act::write_out, "parent"}});
  EXPECT_EQ(output_of(result).out, "child parent");
}

TEST_P(HelperDeadlineContract, EndsAHelperThatStays) {
  const Command helper = command({{Act::write_out, "text"}, {Act::stay}}, short_time);
  EXPECT_EQ(run(helper), ProcessResult(TimedOut{.output = {.out = "text", .err = ""}}));
  EXPECT_GE(now(), helper.deadline);
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelperDeadlineContract, EndsAHelperThatHasClosedItsOutput) {
  const Command helper = command({{Act::close_output}, {Act::stay}}, short_time);
  EXPECT_PRED1(timed_out, run(helper));
  EXPECT_GE(now(), helper.deadline);
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelperDeadlineContract, EndsAHelperThatIgnoresSigterm) {
  const Command helper = command({{Act::ignore_terminate}, {Act::stay}}, short_time);
  EXPECT_PRED1(timed_out, run(helper));
  EXPECT_LT(now(), helper.deadline + seconds(15));
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelperDeadlineContract, LetsAHelperTidyUp) {
  const auto result =
      run(command({{Act::touch_at_terminate, in_directory("tidy")}, {Act::stay}}, short_time));
  EXPECT_PRED1(timed_out, result);
  EXPECT_EQ(world().entries(), std::vector<std::string>{"tidy"});
}

TEST_P(HelperDeadlineContract, EndsAStoppedHelper) {
  const auto result = run(command({{Act::stop}}, short_time));
  EXPECT_PRED1(timed_out, result);
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelperDeadlineContract, OfThePastEndsAHelperAtOnce) {
  const auto result = run(command({{Act::stay}}, seconds(-1)));
  EXPECT_PRED1(timed_out, result);
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelperDeadlineContract, DoesNotDependOnSignalsThatArrive) {
  world().while_signals_arrive([&] {
    const Command helper = command({{Act::stay}}, short_time);
    EXPECT_PRED1(timed_out, run(helper));
    EXPECT_GE(now(), helper.deadline);
  });
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelpersSideBySideContract, NoneGivesNoResult) { EXPECT_TRUE(run_all({}).empty()); }

TEST_P(HelpersSideBySideContract, RunAtTheSameTime) {
  const auto results = run_all({command({{Act::meet, in_directory("place"), 0}}),
                                command({{Act::meet, in_directory("place"), 1}})});
  EXPECT_EQ(results, (std::vector<ProcessResult>{Exited{}, Exited{}}));
}

TEST_P(HelpersSideBySideContract, GiveTheirResultsInOrder) {
  const auto results =
      run_all({command({{Act::rest, "", 100}, {Act::exit, "", 1}}), command({{Act::exit, "", 2}}),
               command({{Act::rest, "", 50}, {Act::exit, "", 3}})});
  EXPECT_EQ(results, (std::vector<ProcessResult>{Exited{.code = 1, .output = {}},
                                                 Exited{.code = 2, .output = {}},
                                                 Exited{.code = 3, .output = {}}}));
}

TEST_P(HelpersSideBySideContract, HaveADeadlineEach) {
  const auto results = run_all({command({{Act::stay}}, milliseconds(50)),
                                command({{Act::rest, "", 300}, {Act::exit, "", 3}})});
  ASSERT_EQ(results.size(), 2U);
  EXPECT_PRED1(timed_out, results[0]);
  EXPECT_EQ(results[1], ProcessResult(Exited{.code = 3, .output = {}}));
}

TEST_P(HelpersSideBySideContract, AreEndedWhileOthersRunOn) {
  const auto results =
      run_all({command({{Act::touch_at_terminate, in_directory("ended")}, {Act::stay}}, short_time),
               command({{Act::await_file, in_directory("ended")}, {Act::exit, "", 3}})});
  ASSERT_EQ(results.size(), 2U);
  EXPECT_PRED1(timed_out, results[0]);
  EXPECT_EQ(results[1], ProcessResult(Exited{.code = 3, .output = {}}));
}

TEST_P(HelpersSideBySideContract, RunEvenIfOneCannotBeStarted) {
  const auto results =
      run_all({command_of(world().missing_program()), command({{Act::exit, "", 3}})});
  ASSERT_EQ(results.size(), 2U);
  EXPECT_TRUE(not_started(results[0], ErrorKind::not_found, world().missing_program()));
  EXPECT_EQ(results[1], ProcessResult(Exited{.code = 3, .output = {}}));
}

TEST_P(HelpersSideBySideContract, DoNotHoldEachOthersOutput) {
  const auto results = run_all({command({{Act::describe}}), command({{Act::describe}})});
  ASSERT_EQ(results.size(), 2U);
  for (const auto& result : results) {
    EXPECT_EQ(description_from(output_of(result).out)["descriptors"], "0 1 2 ");
  }
}

TEST_P(HelperWatchContract, ChangesNothingWhileTheProcessLives) {
  const auto results = runner().run(std::vector{command({{Act::rest, "", 50}, {Act::exit, "", 3}})},
                                    world().process());
  EXPECT_EQ(results, (std::vector<ProcessResult>{Exited{.code = 3, .output = {}}}));
}

TEST_P(HelperWatchContract, AbandonsAHelperAsSoonAsTheProcessEnds) {
  const Command helper = command({{Act::write_out, "text"}, {Act::stay}});
  const auto process = world().process_that_ends_after(short_time);
  const auto results = runner().run(std::vector{helper}, process);
  EXPECT_EQ(results, (std::vector<ProcessResult>{Abandoned{.output = {.out = "text", .err = ""}}}));
  EXPECT_LT(now(), helper.deadline - seconds(15));
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelperWatchContract, AbandonsAHelperIfTheProcessHasEndedBefore) {
  const Command helper = command({{Act::stay}});
  const auto results = runner().run(std::vector{helper}, world().ended_process());
  ASSERT_EQ(results.size(), 1U);
  EXPECT_PRED1(abandoned, results[0]);
  EXPECT_LT(now(), helper.deadline - seconds(15));
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelperWatchContract, AbandonsAHelperIfALaterProcessHasThePid) {
  ProcessId process = world().process();
  --process.start_time;
  const Command helper = command({{Act::stay}});
  const auto results = runner().run(std::vector{helper}, process);
  ASSERT_EQ(results.size(), 1U);
  EXPECT_PRED1(abandoned, results[0]);
  EXPECT_LT(now(), helper.deadline - seconds(15));
}

TEST_P(HelperWatchContract, AbandonsAllThatStillRunAndNoOther) {
  const std::vector helpers = {command({{Act::exit, "", 3}}),
                               command({{Act::ignore_terminate}, {Act::stay}}),
                               command({{Act::stay}})};
  const auto process = world().process_that_ends_after(short_time);
  const auto results = runner().run(helpers, process);
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0], ProcessResult(Exited{.code = 3, .output = {}}));
  EXPECT_PRED1(abandoned, results[1]);
  EXPECT_PRED1(abandoned, results[2]);
  EXPECT_EQ(world().living(), 0);
}

TEST_P(HelperDenialContract, KeepsAHelperFromHavingChildren) {
  auto helper =
      command({{Act::start_child, "", 0, {{Act::write_out, "child"}}}, {Act::write_out, "helper"}});
  EXPECT_EQ(output_of(run(helper)).out, "childhelper");
  helper.denied = Denied::children;
  EXPECT_EQ(run(helper), ProcessResult(Exited{.code = 0, .output = {.out = "helper", .err = ""}}));
}

TEST_P(HelperDenialContract, IsOfOneHelperAndNotOfItsNeighbour) {
  const Script script = {{Act::start_child, "", 0, {{Act::write_out, "child"}}}};
  auto denied = command(script);
  denied.denied = Denied::children;
  const auto results = run_all({denied, command(script)});
  EXPECT_EQ(output_of(results.at(0)).out, "");
  EXPECT_EQ(output_of(results.at(1)).out, "child");
}

TEST_P(HelperDenialContract, LeavesAHelperWithoutAddressesItsChildren) {
  auto helper = command({{Act::start_child, "", 0, {{Act::write_out, "child"}}}});
  helper.denied = Denied::addresses;
  EXPECT_EQ(output_of(run(helper)).out, "child");
}

TEST_P(HelperPrivilegeContract, IsNotNeededToRunAHelper) {
  world().as_ordinary_user([&] {
    EXPECT_EQ(run({{Act::write_out, "text"}, {Act::exit, "", 3}}),
              ProcessResult(Exited{.code = 3, .output = {.out = "text", .err = ""}}));
  });
}

TEST_P(HelperPrivilegeContract, IsNotNeededToEndAHelper) {
  world().as_ordinary_user([&] {
    const auto result = run(
        command({{Act::start_daemon, "", 0, {{Act::stay}}}, {Act::ignore_terminate}, {Act::stay}},
                short_time));
    EXPECT_PRED1(timed_out, result);
  });
  EXPECT_EQ(world().living(), 0);
}

}  // namespace host::contract
