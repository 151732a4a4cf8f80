// The order of the calls of a stop, and its reaction to errors.

#include "agent/kamailio/testing/node.h"
#include "agent/ocf/testing/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <string>
#include <vector>

namespace kamailio {
namespace {

using namespace std::chrono_literals;
using host::Process;
using host::ProcessId;
using host::Result;
using host::Signal;
using ocf::ExitCode;
using ocf::testing::ends_with;
using ocf::testing::succeeds;
using ::testing::_;
using ::testing::AllOf;
using ::testing::AtLeast;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::Ge;
using ::testing::HasSubstr;
using ::testing::InSequence;
using ::testing::IsEmpty;
using ::testing::Lt;
using ::testing::NiceMock;
using testing::Node;
using ::testing::Return;

class MockProcessTable : public host::ProcessTable {
 public:
  MOCK_METHOD(Result<Process>, find, (int), (override));
  MOCK_METHOD(Result<std::vector<Process>>, list, (const host::Search&), (override));
  MOCK_METHOD(Result<void>, send, (const ProcessId&, Signal), (override));
  MOCK_METHOD(std::vector<ProcessId>, wait_until_gone,
              (std::span<const ProcessId>, host::TimePoint), (override));
};

class MockFileSystem : public testing::FakeFileSystem {
 public:
  MOCK_METHOD(Result<void>, remove_file, (const std::string&), (override));
  MOCK_METHOD(Result<void>, remove_directory, (const std::string&), (override));
};

tl::unexpected<host::Error> error(const std::string& text,
                                  host::ErrorKind kind = host::ErrorKind::failed) {
  return tl::unexpected(host::Error{.kind = kind, .text = text});
}

class StopInteraction : public ::testing::Test {
 protected:
  StopInteraction() {
    files.put(Node::pid_file, {.content = "100\n"});
    ON_CALL(processes, find).WillByDefault([](int) {
      return error("gone", host::ErrorKind::not_found);
    });
    ON_CALL(processes, wait_until_gone)
        .WillByDefault([this](std::span<const ProcessId> /*processes*/, host::TimePoint deadline) {
          node.clock.sleep_until(std::max(deadline, node.clock.now()));
          return std::vector<ProcessId>();
        });
  }

  ocf::Outcome stop() {
    const host::Host machine{.clock = node.clock,
                             .files = files,
                             .processes = processes,
                             .runner = node.runner,
                             .network = node.network,
                             .random = node.random,
                             .accounts = node.accounts,
                             .log = node.log};
    const host::Environment environment = {{"OCF_RESOURCE_INSTANCE", "p_kam"},
                                           {"OCF_RESKEY_listen_address", "192.0.2.1"},
                                           {"OCF_RESKEY_CRM_meta_timeout", "20000"}};
    return answer(machine, ocf::parse_request({"stop"}, environment)).outcome;
  }

  static inline const Process main = Node::kamailio_process(100, 1);
  using Processes = std::vector<Process>;

  Node node;                             // NOLINT: GoogleTest's way
  NiceMock<MockProcessTable> processes;  // NOLINT: GoogleTest's way
  NiceMock<MockFileSystem> files;        // NOLINT: GoogleTest's way
};

TEST_F(StopInteraction, RemovesThePidFileOnlyWhenTheLastProcessIsGone) {
  const InSequence order;
  EXPECT_CALL(processes, list).WillOnce(Return(Processes{main}));
  EXPECT_CALL(processes, send(main.id, Signal::terminate)).WillOnce(Return(Result<void>()));
  EXPECT_CALL(processes, list).Times(2).WillRepeatedly(Return(Processes()));
  EXPECT_CALL(files, remove_file(Node::pid_file)).WillOnce(Return(Result<void>()));
  EXPECT_THAT(stop(), succeeds());
}

// EACCES, ENOMEM: the next stop could remove it, but there may be none.
TEST_F(StopInteraction, RetriesARemovalThatFailed) {
  files.put_directory(Node::pid_directory);
  const InSequence order;
  EXPECT_CALL(files, remove_file(Node::pid_file)).WillOnce(Return(error("denied")));
  EXPECT_CALL(files, remove_file(Node::pid_file)).WillOnce([this](const std::string& path) {
    files.take_away(path);
    return Result<void>();
  });
  EXPECT_CALL(files, remove_directory(Node::pid_directory)).WillOnce(Return(error("denied")));
  EXPECT_THAT(stop(), succeeds());
  EXPECT_THAT(node.log.warnings(), ElementsAre("denied"));
}

TEST_F(StopInteraction, RetriesTheRemovalOfTheDirectory) {
  files.put_directory(Node::pid_directory);
  files.take_away(Node::pid_file);
  EXPECT_CALL(files, remove_directory(Node::pid_directory))
      .WillOnce(Return(error("denied")))
      .WillOnce(Return(Result<void>()));
  EXPECT_THAT(stop(), succeeds());
  EXPECT_THAT(node.log.warnings(), IsEmpty());
}

TEST_F(StopInteraction, SignalsAgainAfterASignalThatFailed) {
  const InSequence order;
  EXPECT_CALL(processes, list).WillOnce(Return(Processes{main}));
  EXPECT_CALL(processes, send(main.id, Signal::terminate))
      .WillOnce(Return(error("process 100: Cannot allocate memory")));
  EXPECT_CALL(processes, list).WillOnce(Return(Processes{main}));
  EXPECT_CALL(processes, send(main.id, Signal::terminate)).WillOnce(Return(Result<void>()));
  EXPECT_CALL(processes, list).Times(2).WillRepeatedly(Return(Processes()));
  EXPECT_THAT(stop(), succeeds());
}

TEST_F(StopInteraction, ReadsTheProcessTableAgainAfterAnError) {
  const InSequence order;
  EXPECT_CALL(processes, list)
      .Times(20)
      .WillRepeatedly(Return(error("/proc: Cannot allocate memory")));
  EXPECT_CALL(processes, list).WillOnce(Return(Processes{main}));
  EXPECT_CALL(processes, send(main.id, Signal::terminate)).WillOnce(Return(Result<void>()));
  EXPECT_CALL(processes, list).Times(2).WillRepeatedly(Return(Processes()));
  EXPECT_THAT(stop(), succeeds());
}

TEST_F(StopInteraction, FailsWithTheLastReasonWhenItsTimeIsNearlyUp) {
  const auto begin = node.clock.now();
  EXPECT_CALL(processes, list).WillRepeatedly(Return(error("/proc: Cannot allocate memory")));
  EXPECT_CALL(files, remove_file).Times(0);
  EXPECT_THAT(stop(), ends_with(ExitCode::generic_error, HasSubstr("Cannot allocate memory")));
  EXPECT_GE(node.clock.now() - begin, 17s);
  EXPECT_LT(node.clock.now() - begin, 20s);
}

// A process that is exiting has lost its command line, and may still hold the ports.
TEST_F(StopInteraction, WaitsForAProcessThatIsExitingAndWasTheInstances) {
  auto exiting = main;
  exiting.state = host::ProcessState::exiting;
  exiting.arguments.clear();
  exiting.executable.clear();
  const InSequence order;
  EXPECT_CALL(processes, list).WillOnce(Return(Processes{main}));
  EXPECT_CALL(processes, send(main.id, Signal::terminate)).WillOnce(Return(Result<void>()));
  EXPECT_CALL(processes, list).Times(3).WillRepeatedly(Return(Processes{exiting}));
  EXPECT_CALL(processes, list).Times(2).WillRepeatedly(Return(Processes()));
  EXPECT_CALL(files, remove_file(_)).WillOnce(Return(Result<void>()));
  EXPECT_THAT(stop(), succeeds());
}

// The tracer holds the process in its exit: ptrace(2), PTRACE_O_TRACEEXIT.
class StopOfATracedProcess : public StopInteraction {
 protected:
  StopOfATracedProcess() {
    held.state = host::ProcessState::stopped;
    held.tracer = 99;
    held.users = {108, 108, 108};
    tracer.id = {.pid = 99, .start_time = 5};
    tracer.name = "gdb";
    tracer.users = held.users;
    files.give_to(Node::pid_file, {.user = 108});
    ON_CALL(processes, list).WillByDefault([this](const host::Search& /*search*/) {
      return lives ? Processes{held} : Processes();
    });
    ON_CALL(processes, find(100)).WillByDefault([this](int) { return held; });
    ON_CALL(processes, find(99)).WillByDefault([this](int) { return tracer; });
    EXPECT_CALL(processes, send(held.id, _)).Times(AtLeast(1));
  }

  Process held = main;    // NOLINT: GoogleTest's way
  Process tracer = main;  // NOLINT
  bool lives = true;      // NOLINT
};

TEST_F(StopOfATracedProcess, EndsATracerOfTheServicesUser) {
  EXPECT_CALL(processes, send(tracer.id, Signal::kill)).WillOnce([this](auto&&...) {
    lives = false;
    return Result<void>();
  });
  EXPECT_THAT(stop(), succeeds());
  EXPECT_THAT(node.log.warnings(),
              Contains(AllOf(HasSubstr("process 100 is held"), HasSubstr("process 99 (gdb)"))));
}

// The tracer has executed su or the like, and still traces.
TEST_F(StopOfATracedProcess, EndsATracerOfThatUserWithRightsOfRoot) {
  tracer.users = {.real = 108, .effective = 0, .saved = 0};
  EXPECT_CALL(processes, send(tracer.id, Signal::kill)).WillOnce([this](auto&&...) {
    lives = false;
    return Result<void>();
  });
  EXPECT_THAT(stop(), succeeds());
}

TEST_F(StopOfATracedProcess, NamesATracerOfRoot) {
  tracer.users = {};
  EXPECT_CALL(processes, send(tracer.id, _)).Times(0);
  EXPECT_THAT(stop(), ends_with(ExitCode::generic_error,
                                HasSubstr("100 (held by its tracer, process 99)")));
}

TEST_F(StopOfATracedProcess, SparesTheTracerIfRootRunsTheServer) {
  held.users = tracer.users = {};
  EXPECT_CALL(processes, send(tracer.id, _)).Times(0);
  EXPECT_THAT(stop(), ends_with(ExitCode::generic_error, HasSubstr("process 99")));
}

TEST_F(StopOfATracedProcess, SparesAProcessThatOnlyHasTheTracersPidByNow) {
  auto other = held;
  other.tracer = 0;
  ON_CALL(processes, find(100)).WillByDefault(Return(other));
  EXPECT_CALL(processes, send(tracer.id, _)).Times(0);
  EXPECT_THAT(stop(), ends_with(ExitCode::generic_error, HasSubstr("still running")));
}

TEST_F(StopOfATracedProcess, EndsAChainOfTracersAtOnce) {
  constexpr int last = 70;
  tracer.tracer = 98;
  ON_CALL(processes, find(AllOf(Ge(last), Lt(99)))).WillByDefault([this](int pid) {
    auto process = tracer;
    process.id.pid = pid;
    process.tracer = pid == last ? 0 : pid - 1;
    return process;
  });
  EXPECT_CALL(processes, send(Field(&ProcessId::pid, Lt(100)), Signal::kill))
      .Times(100 - last)
      .WillRepeatedly([this](const ProcessId& process, auto&&...) {
        lives = lives && process.pid != last;
        return Result<void>();
      });
  EXPECT_THAT(stop(), succeeds());
}

TEST_F(StopOfATracedProcess, ComesToAnEndWhereTwoTraceEachOther) {
  tracer.tracer = held.id.pid;
  EXPECT_CALL(processes, send(tracer.id, Signal::kill)).Times(AtLeast(1));
  EXPECT_THAT(stop(), ends_with(ExitCode::generic_error, HasSubstr("process 99")));
}

TEST_F(StopOfATracedProcess, SparesTheTracerOfWhatSigkillEnds) {
  EXPECT_CALL(processes, send(held.id, Signal::kill)).WillOnce([this](auto&&...) {
    lives = false;
    return Result<void>();
  });
  EXPECT_CALL(processes, send(tracer.id, _)).Times(0);
  EXPECT_THAT(stop(), succeeds());
}

// Until SIGKILL a debugger may continue.
TEST_F(StopOfATracedProcess, SparesTheTracerDuringTheGrace) {
  EXPECT_CALL(processes, send(held.id, Signal::terminate)).WillOnce([this](auto&&...) {
    lives = false;
    return Result<void>();
  });
  EXPECT_CALL(processes, send(tracer.id, _)).Times(0);
  EXPECT_THAT(stop(), succeeds());
}

}  // namespace
}  // namespace kamailio
