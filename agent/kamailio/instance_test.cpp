#include "agent/kamailio/instance.h"

#include "agent/kamailio/testing/fake_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace kamailio {
namespace {

using host::Process;
using host::ProcessState;
using ::testing::ElementsAre;
using testing::FakeHost;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const std::string our_binary = "/usr/sbin/kamailio";
const std::string our_pid_file = "/run/kam/k.pid";

Parameters our_instance() {
  return {.binary = {.parameter = "binary", .places = {our_binary}},
          .pidfile = {.path = our_pid_file}};
}

Process process(std::vector<std::string> arguments) {
  return {.id = {.pid = 100, .start_time = 1},
          .arguments = std::move(arguments),
          .executable = our_binary};
}

// Tests of all processes of an instance.

Process numbered(int pid, int parent) {
  auto result = process({our_binary, "-P", our_pid_file});
  result.id = {.pid = pid, .start_time = static_cast<std::uint64_t>(pid)};
  result.parent = parent;
  return result;
}

TEST(TheProcessesOfAnInstance, AreNoneOfAnotherInstance) {
  FakeHost machine;
  machine.processes.add(numbered(100, 1));
  auto twin = numbered(200, 1);
  twin.arguments = {our_binary, "-P", our_pid_file + "2"};
  machine.processes.add(twin);
  auto editor = numbered(300, 1);
  editor.arguments = {"vim", our_pid_file};
  machine.processes.add(editor);
  const auto found = look_for_processes(machine.host(), our_instance(), {});
  ASSERT_TRUE(found.has_value());
  EXPECT_THAT(found->mine, ElementsAre(numbered(100, 1)));
  EXPECT_THAT(found->unknown, IsEmpty());
}

TEST(TheProcessesOfAnInstance, AreUnknownIfTheTableCannotBeRead) {
  FakeHost machine;
  machine.processes.become_unreadable({.text = "/proc: not mounted"});
  const auto found = look_for_processes(machine.host(), our_instance(), {});
  ASSERT_FALSE(found.has_value());
  EXPECT_THAT(found.error().text, HasSubstr("/proc"));
}

TEST(TheProcessesOfAnInstance, AreFoundAfterATemporaryError) {
  FakeHost machine;
  machine.processes.add(numbered(100, 1));
  machine.processes.become_unreadable({.text = "/proc: Cannot allocate memory"});
  machine.clock.in(std::chrono::milliseconds(20), [&] { machine.processes.become_readable(); });
  const auto found = look_for_processes(machine.host(), our_instance(), {});
  ASSERT_TRUE(found.has_value());
  EXPECT_THAT(found->mine, ElementsAre(numbered(100, 1)));
}

// A table whose only process forks and ends while it is read for the first time.
class TableBehindWhichAProcessForks final : public host::ProcessTable {
 public:
  host::Result<Process> find(int /*pid*/) override {
    return tl::unexpected(host::Error{.kind = host::ErrorKind::not_found});
  }
  host::Result<std::vector<Process>> list(const host::Search& /*search*/) override {
    return ++looks_ == 1 ? std::vector<Process>() : std::vector{numbered(101, 1)};
  }
  host::Result<void> send(const host::ProcessId& /*process*/, host::Signal /*signal*/) override {
    return {};
  }
  std::vector<host::ProcessId> wait_until_gone(std::span<const host::ProcessId> /*processes*/,
                                               host::TimePoint /*deadline*/) override {
    return {};
  }

 private:
  int looks_ = 0;
};

TEST(TheProcessesOfAnInstance, AreFoundThoughTheyForkWhileTheTableIsRead) {
  FakeHost machine;
  TableBehindWhichAProcessForks table;
  const host::Host host{.clock = machine.clock,
                        .files = machine.files,
                        .processes = table,
                        .runner = machine.runner,
                        .network = machine.network,
                        .random = machine.random,
                        .accounts = machine.accounts,
                        .log = machine.log};
  const auto found = look_for_processes(host, our_instance(), {});
  ASSERT_TRUE(found.has_value());
  EXPECT_THAT(found->mine, ElementsAre(numbered(101, 1)));
}

// A table that cannot be read says nothing about the instance.
TEST(TheProcessesOfAnInstance, AreFoundBesideAForeignProcessThatCannotBeRead) {
  FakeHost machine;
  machine.processes.become_unreadable(
      {.kind = host::ErrorKind::not_permitted, .text = "/proc/7/stat: Permission denied"});
  const auto found = look_for_processes(machine.host(), our_instance(), {});
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().kind, host::ErrorKind::failed);
}

std::optional<int> main_pid(const std::vector<Process>& processes) {
  const auto main = main_process_among(processes);
  return main ? std::optional(main->id.pid) : std::nullopt;
}

TEST(TheMainProcess, IsTheParentOfTheOthers) {
  EXPECT_EQ(main_pid({numbered(100, 1), numbered(101, 100), numbered(102, 100)}), 100);
}

TEST(TheMainProcess, IsTheSameInWhateverOrderTheyAreListed) {
  std::vector<Process> processes = {numbered(100, 1), numbered(101, 100), numbered(102, 100),
                                    numbered(103, 102)};
  const auto by_pid = [](const Process& a, const Process& b) { return a.id.pid < b.id.pid; };
  do {
    EXPECT_EQ(main_pid(processes), 100);
  } while (std::ranges::next_permutation(processes, by_pid).found);
}

TEST(TheMainProcess, DoesNotExistAmongOrphans) {
  EXPECT_EQ(main_pid({numbered(101, 1), numbered(102, 1)}), std::nullopt);
}

TEST(TheMainProcess, IsNotASingleOneThatMayBeStartingOrEnding) {
  EXPECT_EQ(main_pid({numbered(100, 1)}), std::nullopt);
}

TEST(TheMainProcess, IsNotOneThatIsExiting) {
  auto exiting = numbered(100, 1);
  exiting.state = ProcessState::exiting;
  EXPECT_EQ(main_pid({exiting, numbered(101, 100), numbered(102, 100)}), std::nullopt);
}

TEST(TheMainProcess, DoesNotExistAmongNoProcesses) { EXPECT_EQ(main_pid({}), std::nullopt); }

TEST(TheMainProcess, MayHaveAParentThatIsNotOfTheInstance) {
  EXPECT_EQ(main_pid({numbered(100, 50), numbered(101, 100)}), 100);
}

// Pids wrap around; start times do not.
TEST(TheMainProcess, IsTheOldestParent) {
  auto old = numbered(30000, 1);
  old.id.start_time = 10;
  auto young = numbered(400, 30000);
  young.id.start_time = 20;
  EXPECT_EQ(main_pid({numbered(500, 400), young, old}), 30000);
}

// The PID file.

PidFile read(const std::string& content) {
  FakeHost machine;
  machine.files.put(our_pid_file, {.content = content});
  return read_pid_file(machine.host(), our_pid_file);
}

TEST(APidFile, NamesAProcess) {
  for (const std::string content : {"4711", "4711\n", "  4711\n", "4711\r\n", "4711 0\n"}) {
    EXPECT_EQ(read(content), (PidFile{.state = PidFile::State::names_a_process, .pid = 4711}))
        << content;
  }
  EXPECT_EQ(read("1").pid, 1);
  EXPECT_EQ(read("4194304").pid, 4194304);
}

TEST(APidFile, IsGarbledWithoutAValidPid) {
  for (const std::string content :
       {"", "\n", "kamailio", "-5", "0", "4194305", "0x10", "99999999999999999999"}) {
    EXPECT_EQ(read(content).state, PidFile::State::garbled) << content;
  }
}

TEST(APidFile, MayBeAbsent) {
  FakeHost machine;
  EXPECT_EQ(read_pid_file(machine.host(), our_pid_file), PidFile{});
}

TEST(APidFile, MayBeUnreadable) {
  FakeHost machine;
  machine.files.spoil(our_pid_file,
                      {.kind = host::ErrorKind::not_permitted, .text = our_pid_file + ": denied"});
  EXPECT_EQ(read_pid_file(machine.host(), our_pid_file),
            (PidFile{.state = PidFile::State::unreadable, .problem = our_pid_file + ": denied"}));
}

// Names.

TEST(ProcessNames, ReadAsInASentence) {
  EXPECT_EQ(name_processes({numbered(12, 1)}), "process 12");
  EXPECT_EQ(name_processes({numbered(12, 1), numbered(13, 1)}), "processes 12 and 13");
  EXPECT_EQ(name_processes({numbered(12, 1), numbered(13, 1), numbered(14, 1)}),
            "processes 12, 13 and 14");
}

TEST(ProcessNames, AreTheFirstFewOfMany) {
  std::vector<Process> processes;
  for (int pid = 100; pid < 150; ++pid) {
    processes.push_back(numbered(pid, 1));
  }
  EXPECT_THAT(name_processes(processes), HasSubstr("processes 100, 101"));
  EXPECT_THAT(name_processes(processes), HasSubstr(" more"));
  EXPECT_LT(name_processes(processes).size(), 60U);
}

}  // namespace
}  // namespace kamailio
