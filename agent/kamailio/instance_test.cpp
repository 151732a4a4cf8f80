#include "agent/kamailio/instance.h"

#include "agent/kamailio/testing/fake_host.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
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

const std::string binary = "/usr/sbin/kamailio";
const std::string pid_file = "/run/kam/k.pid";

Parameters instance() {
  return {.binary = {.parameter = "binary", .places = {binary}}, .pidfile = {.path = pid_file}};
}

Process process(std::vector<std::string> arguments) {
  return {
      .id = {.pid = 100, .start_time = 1}, .arguments = std::move(arguments), .executable = binary};
}

TEST(AProcess, IsMineIfItRunsTheBinaryWithThePidFile) {
  EXPECT_TRUE(is_mine(process({binary, "-P", pid_file, "-f", "/etc/k.cfg"}), instance()));
}

TEST(AProcess, IsMineWhereverThePidFileStandsOnItsCommandLine) {
  EXPECT_TRUE(is_mine(process({binary, "-f", "/etc/k.cfg", "-P", pid_file}), instance()));
}

TEST(AProcess, IsMineIfThePidFileIsJoinedToItsOption) {
  EXPECT_TRUE(is_mine(process({binary, "-P" + pid_file}), instance()));
}

// A parameter may have changed since the start.
TEST(AProcess, IsMineWhateverElseIsOnItsCommandLine) {
  EXPECT_TRUE(
      is_mine(process({binary, "-f", "/other.cfg", "-P", pid_file, "-A", "X=1+1"}), instance()));
}

TEST(AProcess, IsNotMineWithAnotherPidFile) {
  for (const auto& other :
       {pid_file + "2", "/x" + pid_file, std::string("/run/kam/k.pi"), std::string("/run/kam")}) {
    EXPECT_FALSE(is_mine(process({binary, "-P", other}), instance())) << other;
    EXPECT_FALSE(is_mine(process({binary, "-P" + other}), instance())) << other;
  }
}

// An exiting process has no arguments any more, and may still hold its ports.
TEST(AProcess, IsMineByItsNameWhileItIsExiting) {
  auto exiting = process({});
  exiting.state = ProcessState::exiting;
  exiting.name = "kamailio";
  EXPECT_TRUE(is_mine(exiting, instance()));
  exiting.name = "sipsak";
  EXPECT_FALSE(is_mine(exiting, instance()));
}

TEST(AProcess, IsNotMineWithoutThePidFileOption) {
  EXPECT_FALSE(is_mine(process({binary}), instance()));
  EXPECT_FALSE(is_mine(process({binary, "-P"}), instance()));
  EXPECT_FALSE(is_mine(process({binary, pid_file}), instance()));
  EXPECT_FALSE(is_mine(process({binary, "-f", pid_file}), instance()));
  EXPECT_FALSE(is_mine(process({binary, "-P", "/x", pid_file}), instance()));
}

TEST(AProcess, IsNotMineIfItRunsAnotherProgram) {
  auto editor = process({"vim", "-P", pid_file});
  editor.executable = "/usr/bin/vim";
  EXPECT_FALSE(is_mine(editor, instance()));
  auto shell = process({"sh", "-c", binary + " -P " + pid_file});
  shell.executable = "/bin/dash";
  EXPECT_FALSE(is_mine(shell, instance()));
  auto wrapper = process({"strace", binary, "-P", pid_file});
  wrapper.executable = "/usr/bin/strace";
  EXPECT_FALSE(is_mine(wrapper, instance()));
}

TEST(AProcess, IsMineIfItWasStartedByHandThroughPath) {
  EXPECT_TRUE(is_mine(process({"kamailio", "-P", pid_file}), instance()));
}

TEST(AProcess, IsMineIfTheBinaryIsASymbolicLink) {
  auto through_link = process({binary, "-P", pid_file});
  through_link.executable = "/opt/kamailio-5.6/sbin/kamailio";
  EXPECT_TRUE(is_mine(through_link, instance()));
}

TEST(AProcess, IsMineIfThisUserMayNotKnowItsExecutable) {
  auto of_other_user = process({binary, "-P", pid_file});
  of_other_user.executable = "";
  EXPECT_TRUE(is_mine(of_other_user, instance()));
}

TEST(AProcess, IsNotMineIfNothingSaysThatItRunsTheBinary) {
  auto unknown = process({"kamailio", "-P", pid_file});
  unknown.executable = "";
  EXPECT_FALSE(is_mine(unknown, instance()));
}

// The process table gives it its former path.
TEST(AProcess, IsMineIfItsBinaryWasDeletedOrReplacedSince) {
  EXPECT_TRUE(is_mine(process({"kamailio", "-P", pid_file}), instance()));
}

TEST(AProcess, IsMineFromEachPlaceWhereTheBinaryMayBe) {
  auto parameters = instance();
  parameters.binary.places = {binary, "/usr/local/sbin/kamailio"};
  auto local = process({"/usr/local/sbin/kamailio", "-P", pid_file});
  local.executable = "/usr/local/sbin/kamailio";
  EXPECT_TRUE(is_mine(local, parameters));
  EXPECT_FALSE(is_mine(local, instance()));
}

TEST(AProcess, IsNotMineOnceItIsDead) {
  auto zombie = process({});
  zombie.state = ProcessState::zombie;
  EXPECT_FALSE(is_mine(zombie, instance()));
  auto with_arguments = process({binary, "-P", pid_file});
  with_arguments.state = ProcessState::zombie;
  EXPECT_FALSE(is_mine(with_arguments, instance()));
}

TEST(AProcess, IsMineWhileItIsStoppedOrHangs) {
  for (const auto state : {ProcessState::stopped, ProcessState::uninterruptible}) {
    auto hanging = process({binary, "-P", pid_file});
    hanging.state = state;
    EXPECT_TRUE(is_mine(hanging, instance()));
  }
}

TEST(AProcess, WithoutArgumentsIsNotMine) { EXPECT_FALSE(is_mine(process({}), instance())); }

// All of an instance.

Process numbered(int pid, int parent) {
  auto result = process({binary, "-P", pid_file});
  result.id = {.pid = pid, .start_time = static_cast<std::uint64_t>(pid)};
  result.parent = parent;
  return result;
}

TEST(TheProcessesOfAnInstance, AreNoneOfAnotherInstance) {
  FakeHost machine;
  machine.processes.add(numbered(100, 1));
  auto twin = numbered(200, 1);
  twin.arguments = {binary, "-P", pid_file + "2"};
  machine.processes.add(twin);
  auto editor = numbered(300, 1);
  editor.arguments = {"vim", pid_file};
  machine.processes.add(editor);
  const auto found = processes_of(machine.host(), instance());
  ASSERT_TRUE(found.has_value());
  EXPECT_THAT(*found, ElementsAre(numbered(100, 1)));
}

TEST(TheProcessesOfAnInstance, AreUnknownIfTheTableCannotBeRead) {
  FakeHost machine;
  machine.processes.become_unreadable({.text = "/proc: not mounted"});
  const auto found = processes_of(machine.host(), instance());
  ASSERT_FALSE(found.has_value());
  EXPECT_THAT(found.error().text, HasSubstr("/proc"));
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

TEST(TheMainProcess, IsNotThereAmongOrphans) {
  EXPECT_EQ(main_pid({numbered(101, 1), numbered(102, 1)}), std::nullopt);
}

TEST(TheMainProcess, IsNotASingleOneThatMayBeStartingOrEnding) {
  EXPECT_EQ(main_pid({numbered(100, 1)}), std::nullopt);
}

TEST(TheMainProcess, IsNotThereAmongNone) { EXPECT_EQ(main_pid({}), std::nullopt); }

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
  machine.files.put(pid_file, {.content = content});
  return read_pid_file(machine.host(), pid_file);
}

TEST(APidFile, NamesAProcess) {
  for (const std::string content : {"4711", "4711\n", "  4711\n", "4711\r\n", "4711 0\n"}) {
    EXPECT_EQ(read(content), (PidFile{.state = PidFile::State::names_a_process, .pid = 4711}))
        << content;
  }
  EXPECT_EQ(read("1").pid, 1);
  EXPECT_EQ(read("4194304").pid, 4194304);
}

TEST(APidFile, IsGarbledWithoutANumberThatAProcessCanHave) {
  for (const std::string content :
       {"", "\n", "kamailio", "-5", "0", "4194305", "0x10", "99999999999999999999"}) {
    EXPECT_EQ(read(content).state, PidFile::State::garbled) << content;
    EXPECT_THAT(read(content).problem, HasSubstr(pid_file)) << content;
  }
}

TEST(APidFile, MayBeAbsent) {
  FakeHost machine;
  EXPECT_EQ(read_pid_file(machine.host(), pid_file), PidFile{});
}

TEST(APidFile, MayBeUnreadable) {
  FakeHost machine;
  machine.files.spoil(pid_file,
                      {.kind = host::ErrorKind::not_permitted, .text = pid_file + ": denied"});
  EXPECT_EQ(read_pid_file(machine.host(), pid_file),
            (PidFile{.state = PidFile::State::unreadable, .problem = pid_file + ": denied"}));
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
