#include "agent/kamailio/verdict.h"

#include "agent/ocf/testing/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace kamailio {
namespace {

using host::Process;
using host::ProcessState;
using ocf::ExitCode;
using ocf::testing::ends_with;
using ocf::testing::succeeds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;
using Finding = Check::Finding;

Parameters instance() {
  return {.binary = {.parameter = "binary", .places = {"/usr/sbin/kamailio"}},
          .pidfile = {.path = "/run/k.pid"}};
}

Process process(int pid, ProcessState state = ProcessState::running) {
  return {.id = {.pid = pid, .start_time = static_cast<std::uint64_t>(pid)}, .state = state};
}

PidFile naming(int pid) { return {.state = PidFile::State::names_a_process, .pid = pid}; }

Check failed(Finding finding, const std::string& text) {
  return {.finding = finding, .text = text};
}

Evidence nothing_runs() { return {}; }

Evidence running(ProcessState state = ProcessState::running) {
  return {.pid_file = naming(100), .processes = {process(100, state)}, .main = process(100, state)};
}

Evidence running_with(std::vector<Check> checks) {
  auto evidence = running();
  evidence.checks = std::move(checks);
  return evidence;
}

Evidence orphans() { return {.pid_file = naming(100), .processes = {process(101), process(102)}}; }

Evidence running_with(Vitals vitals) {
  auto evidence = running();
  evidence.vitals = std::move(vitals);
  return evidence;
}

Worker worker(int pid, Worker::State state) {
  return {.process = {.pid = pid, .description = "udp receiver child=0"}, .state = state};
}

Verdict judge(const Evidence& evidence) { return assess(evidence, instance()); }

TEST(TheVerdict, IsRunningIfAllChecksFindItAlive) {
  EXPECT_THAT(judge(running_with({Check{}, Check{}, Check{}})).outcome, succeeds());
}

TEST(TheVerdict, IsRunningIfNoCheckWasAskedFor) {
  EXPECT_THAT(judge(running()).outcome, succeeds());
}

TEST(TheVerdict, IsNotRunningIfNoProcessLives) {
  EXPECT_THAT(judge(nothing_runs()).outcome,
              ends_with(ExitCode::not_running,
                        AllOf(HasSubstr("/usr/sbin/kamailio"), HasSubstr("/run/k.pid"))));
}

TEST(TheVerdict, IsNotRunningThoughAPidFileIsLeft) {
  auto evidence = nothing_runs();
  evidence.pid_file = naming(100);
  EXPECT_THAT(judge(evidence).outcome, ends_with(ExitCode::not_running, HasSubstr("process 100")));
}

TEST(TheVerdict, IsAnErrorIfOnlyOrphansLive) {
  EXPECT_THAT(judge(orphans()).outcome,
              ends_with(ExitCode::generic_error,
                        AllOf(HasSubstr("main process"), HasSubstr("101"), HasSubstr("102"))));
}

TEST(TheVerdict, IsAnErrorWithWhatTheFailedCheckSaw) {
  EXPECT_THAT(judge(running_with({Check{}, failed(Finding::not_alive, "got 404")})).outcome,
              ends_with(ExitCode::generic_error, HasSubstr("got 404")));
}

TEST(TheVerdict, HasTheTextsOfAllFailedChecks) {
  EXPECT_THAT(judge(running_with({failed(Finding::not_alive, "udp silent"),
                                  failed(Finding::not_alive, "tcp silent")}))
                  .outcome.reason,
              AllOf(HasSubstr("udp silent"), HasSubstr("tcp silent")));
}

// A check without time left fails with "kamctl: no answer within 120 ms".
TEST(TheVerdict, PutsAWrongReplyBeforeNoReply) {
  EXPECT_THAT(judge(running_with({failed(Finding::not_alive, "kamctl: no answer"),
                                  failed(Finding::wrong_answer, "got 483")}))
                  .outcome,
              ends_with(ExitCode::generic_error, StartsWith("got 483; kamctl: no answer")));
}

// A server without shared memory does not reply for that reason.
TEST(TheVerdict, HasTheProblemsOfAServerThatDoesNotReply) {
  auto evidence = running_with(Vitals{.workers = {worker(101, Worker::State::missing)},
                                      .memory = rpc::SharedMemory{.total = 65'536, .free = 0}});
  evidence.checks = {failed(Finding::not_alive, "silent")};
  EXPECT_THAT(judge(evidence).outcome,
              ends_with(ExitCode::generic_error,
                        AllOf(StartsWith("only 0 % of shared memory is free"),
                              HasSubstr("process 101 (udp receiver child=0) is missing; silent"))));
}

TEST(TheVerdict, HasTheSameTextOfTwoTransportsOnce) {
  EXPECT_EQ(
      judge(running_with({failed(Finding::not_alive, "away"), failed(Finding::not_alive, "away")}))
          .outcome.reason,
      "away");
}

TEST(TheVerdict, IsNotInstalledIfAToolIsMissing) {
  EXPECT_THAT(judge(running_with({failed(Finding::not_installed, "no sipsak")})).outcome,
              ends_with(ExitCode::not_installed, HasSubstr("no sipsak")));
}

TEST(TheVerdict, IsNotPermittedIfAToolMayNotRun) {
  EXPECT_THAT(judge(running_with({failed(Finding::not_permitted, "sipsak: denied")})).outcome,
              ends_with(ExitCode::not_permitted, HasSubstr("denied")));
}

TEST(TheVerdict, PutsAMissingToolBeforeAServerThatDoesNotReply) {
  for (const bool tool_first : {true, false}) {
    std::vector<Check> checks = {failed(Finding::not_installed, "no kamctl"),
                                 failed(Finding::not_permitted, "denied"),
                                 failed(Finding::not_alive, "silent")};
    if (!tool_first) {
      std::ranges::reverse(checks);
    }
    EXPECT_THAT(judge(running_with(checks)).outcome,
                ends_with(ExitCode::not_installed,
                          AllOf(HasSubstr("no kamctl"), HasSubstr("denied"), HasSubstr("silent"))));
  }
}

TEST(TheVerdict, SaysThatASilentServerIsStopped) {
  auto evidence = running(ProcessState::stopped);
  evidence.checks = {failed(Finding::not_alive, "silent")};
  EXPECT_THAT(
      judge(evidence).outcome,
      ends_with(ExitCode::generic_error,
                AllOf(StartsWith("its main process 100 is stopped"), EndsWith("; silent"))));
}

// A stopped process sends no reply, so another process at the port is suspected.
TEST(TheVerdict, IsAnErrorIfAnotherProcessMayAnswerForAStoppedServer) {
  auto evidence = running(ProcessState::stopped);
  evidence.checks = {Check{}};
  evidence.rivals = {{.pid = 4000, .user = 65534}};
  EXPECT_THAT(judge(evidence).outcome,
              ends_with(ExitCode::generic_error, AllOf(HasSubstr("another process"),
                                                       HasSubstr("main process 100 is stopped"),
                                                       HasSubstr("process 4000 of uid 65534"))));
}

TEST(TheVerdict, NamesTheLookAlikesOfAnInstanceThatDoesNotRun) {
  auto evidence = nothing_runs();
  evidence.impostors = {process(4000), process(4001)};
  EXPECT_THAT(judge(evidence).outcome,
              ends_with(ExitCode::not_running, HasSubstr("processes 4000 and 4001")));
}

TEST(AWarning, IsGivenForAStoppedMainProcess) {
  const auto verdict = judge(running(ProcessState::stopped));
  EXPECT_THAT(verdict.outcome, succeeds());
  EXPECT_THAT(verdict.warnings, ElementsAre(HasSubstr("main process 100 is stopped")));
}

TEST(TheVerdict, SaysThatThePidFileDoesNotNameTheMainProcess) {
  for (const auto& pid_file :
       {PidFile{}, PidFile{.state = PidFile::State::garbled},
        PidFile{.state = PidFile::State::unreadable, .problem = "/run/k.pid: denied"},
        naming(999)}) {
    auto evidence = running_with({Check{}});
    evidence.pid_file = pid_file;
    const auto verdict = judge(evidence);
    EXPECT_THAT(verdict.outcome, succeeds());
    EXPECT_THAT(verdict.lost_pid_file, AllOf(HasSubstr("/run/k.pid"), HasSubstr("process 100")));
  }
  EXPECT_THAT(judge(running()).lost_pid_file, IsEmpty());
}

const Check answered = {.text = "OPTIONS: 200"};

TEST(TheVerdict, IsDegradedIfOnlyRpcIsSilent) {
  EXPECT_THAT(judge(running_with({answered, failed(Finding::no_rpc, "rpc: silent")})).outcome,
              ends_with(ExitCode::degraded, "degraded: rpc: silent"));
}

TEST(TheVerdict, IsAnErrorIfRpcIsSilentAndNothingElseWasAsked) {
  EXPECT_THAT(judge(running_with({failed(Finding::no_rpc, "rpc: silent")})).outcome,
              ends_with(ExitCode::generic_error, "rpc: silent"));
}

TEST(TheVerdict, HasMissingRpcRepliesAfterAFailedCheck) {
  EXPECT_THAT(judge(running_with({failed(Finding::no_rpc, "rpc: silent"),
                                  failed(Finding::not_alive, "OPTIONS: silent")}))
                  .outcome,
              ends_with(ExitCode::generic_error, "OPTIONS: silent; rpc: silent"));
}

// Nobody can forge replies of the RPC socket, but any user can forge those of the UDP port.
TEST(TheVerdict, IsAnErrorIfRpcIsSilentAndAnotherProcessMayAnswer) {
  auto evidence = running_with({answered, failed(Finding::no_rpc, "rpc: silent")});
  evidence.rivals = {{.pid = 4000, .user = 65534}};
  EXPECT_THAT(judge(evidence).outcome, ends_with(ExitCode::generic_error, HasSubstr("silent")));
}

TEST(AnOutcome, BecomesDegradedUnlessItIsAFailure) {
  EXPECT_THAT(degrade({}, "x"), ends_with(ExitCode::degraded, "degraded: x"));
  EXPECT_THAT(degrade({.code = ExitCode::degraded, .reason = "degraded: y"}, "x"),
              ends_with(ExitCode::degraded, "degraded: y; x"));
  EXPECT_THAT(degrade({.code = ExitCode::generic_error, .reason = "y"}, "x"),
              ends_with(ExitCode::generic_error, "y; x"));
}

TEST(AWarning, IsNotGivenIfAllIsWell) { EXPECT_THAT(judge(running()).warnings, IsEmpty()); }

// Every combination of evidence, up to the first that fails.
void for_each_evidence(const std::function<void(const Evidence&)>& act_once) {
  const auto act = [&](const Evidence& evidence) {
    if (!::testing::Test::HasFailure()) {
      act_once(evidence);
    }
  };
  const std::vector<PidFile> pid_files = {{},
                                          {.state = PidFile::State::garbled, .problem = "p"},
                                          {.state = PidFile::State::unreadable, .problem = "p"},
                                          naming(100),
                                          naming(999)};
  const std::vector<ProcessState> states = {ProcessState::running, ProcessState::stopped,
                                            ProcessState::uninterruptible};
  std::vector<std::vector<Check>> all_checks = {{}};
  const std::vector<Check> findings = {{},
                                       failed(Finding::not_alive, "a"),
                                       failed(Finding::not_installed, "b"),
                                       failed(Finding::not_permitted, "c")};
  for (const auto& first : findings) {
    all_checks.push_back({first});
    for (const auto& second : findings) {
      all_checks.push_back({first, second});
      for (const auto& third : findings) {
        all_checks.push_back({first, second, third});
      }
    }
  }
  for (const auto& pid_file : pid_files) {
    act({.pid_file = pid_file});
    for (const auto state : states) {
      act({.pid_file = pid_file, .processes = {process(101, state)}});
      act({.pid_file = pid_file, .processes = {process(101, state), process(102)}});
      for (const auto& checks : all_checks) {
        for (const bool children_are_known : {true, false}) {
          Evidence evidence{.pid_file = pid_file,
                            .processes = {process(100, state)},
                            .main = process(100, state),
                            .checks = checks};
          if (children_are_known) {
            evidence.processes.push_back(process(101));
          }
          act(evidence);
        }
      }
    }
  }
}

TEST(AnyEvidence, GivesNotRunningIfAndOnlyIfNoProcessLives) {
  for_each_evidence([](const Evidence& evidence) {
    ASSERT_EQ(judge(evidence).outcome.code == ExitCode::not_running, evidence.processes.empty());
  });
}

TEST(AnyEvidence, GivesSuccessIfAndOnlyIfTheMainProcessAndAllChecksAreAlive) {
  for_each_evidence([](const Evidence& evidence) {
    const bool alive =
        evidence.main && std::ranges::all_of(evidence.checks, [](const Check& check) {
          return check.finding == Finding::alive;
        });
    ASSERT_EQ(judge(evidence).outcome.code == ExitCode::success, alive);
  });
}

TEST(AnyEvidence, GivesAReasonIfAndOnlyIfItIsNoSuccess) {
  for_each_evidence([](const Evidence& evidence) {
    const auto outcome = judge(evidence).outcome;
    ASSERT_EQ(outcome.reason.empty(), outcome.code == ExitCode::success);
    ASSERT_THAT(outcome.reason, Not(HasSubstr("\n")));
  });
}

// A monitor never returns the fatal 6, nor 2 or 3: the evidence does not justify them.
TEST(AnyEvidence, GivesACodeThatAMonitorMayGive) {
  for_each_evidence([](const Evidence& evidence) {
    ASSERT_THAT(
        judge(evidence).outcome.code,
        ::testing::AnyOf(ExitCode::success, ExitCode::generic_error, ExitCode::not_permitted,
                         ExitCode::not_installed, ExitCode::not_running));
  });
}

TEST(TheVerdict, IsDegradedIfAWorkerIsMissingOrStopped) {
  const auto verdict = judge(running_with(
      Vitals{.workers = {worker(100, Worker::State::lives), worker(101, Worker::State::missing),
                         worker(102, Worker::State::stopped)}}));
  EXPECT_THAT(verdict.outcome,
              ends_with(ExitCode::degraded,
                        AllOf(HasSubstr("process 101 (udp receiver child=0) is missing"),
                              HasSubstr("process 102 (udp receiver child=0) is stopped"),
                              Not(HasSubstr("process 100")))));
}

TEST(TheVerdict, IsDegradedIfLessThanFivePercentOfSharedMemoryAreFree) {
  const auto with_free = [](std::uint64_t free) {
    return judge(running_with(Vitals{.memory = rpc::SharedMemory{.total = 65'536, .free = free}}))
        .outcome;
  };
  EXPECT_THAT(with_free(65'536), succeeds());
  EXPECT_THAT(with_free(3'277), succeeds());  // the first above 5 %
  EXPECT_THAT(with_free(3'276),
              ends_with(ExitCode::degraded, HasSubstr("only 4 % of shared memory is free (3 of 64 "
                                                      "MiB)")));
  EXPECT_THAT(with_free(0), ends_with(ExitCode::degraded, HasSubstr("only 0 %")));
}

TEST(TheVerdict, NamesTheFirstOfManyWorkersAndTheMemoryBeforeThem) {
  Vitals vitals{.memory = rpc::SharedMemory{.total = 65'536, .free = 0}};
  for (int pid = 101; pid <= 110; ++pid) {
    vitals.workers.push_back(worker(pid, Worker::State::stopped));
  }
  EXPECT_THAT(
      judge(running_with(vitals)).outcome.reason,
      AllOf(::testing::StartsWith("degraded: only 0 %"), HasSubstr("process 102"),
            Not(HasSubstr("process 103")), ::testing::EndsWith("and 8 more of its processes")));
}

TEST(TheVerdict, IsHealthyAndWarnsIfDetailsAreMissing) {
  const auto verdict = judge(running_with(Vitals{.unknown = {"core.psx: 500 No"}}));
  EXPECT_THAT(verdict.outcome, succeeds());
  EXPECT_THAT(verdict.warnings, ElementsAre("core.psx: 500 No"));
}

// Reporting a broken server as degraded would keep the cluster from recovering it.
TEST(TheVerdict, IsNotDegradedIfACheckFails) {
  auto evidence = running_with({failed(Finding::not_alive, "no answer")});
  evidence.vitals = Vitals{.workers = {worker(101, Worker::State::missing)}};
  EXPECT_THAT(judge(evidence).outcome, ends_with(ExitCode::generic_error, HasSubstr("no answer")));
}

}  // namespace
}  // namespace kamailio
