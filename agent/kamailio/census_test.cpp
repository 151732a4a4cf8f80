// Decides on process tables in memory which processes are mine.

#include "agent/kamailio/census.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace kamailio {
namespace {

using host::Process;
using host::ProcessState;
using host::UserIds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string binary = "/usr/sbin/kamailio";
const std::string pid_file = "/run/kam/k.pid";
constexpr std::uint32_t kamuser = 108;
constexpr std::uint32_t nobody = 65534;

Parameters instance() {
  return {.binary = {.parameter = "binary", .places = {binary}}, .pidfile = {.path = pid_file}};
}

UserIds all(std::uint32_t user) { return {.real = user, .effective = user, .saved = user}; }

Trust trust(const UserIds& users) {
  const auto is_trusted = [](std::uint32_t user) { return user == 0 || user == kamuser; };
  return is_trusted(users.real) && is_trusted(users.effective) && is_trusted(users.saved)
             ? Trust::yes
             : Trust::no;
}

// Returns a server of the instance in a session of its own.
Process process(int pid, int parent = 1) {
  return {.id = {.pid = pid, .start_time = static_cast<std::uint64_t>(pid)},
          .parent = parent,
          .session = parent == 1 ? pid : parent,
          .users = all(kamuser),
          .name = "kamailio",
          .arguments = {binary, "-P", pid_file, "-f", "/etc/k.cfg"},
          .executable = binary};
}

Process with_arguments(Process process, std::vector<std::string> arguments) {
  process.arguments = std::move(arguments);
  return process;
}

Process of_user(Process process, UserIds users) {
  process.users = users;
  return process;
}

Process running(Process process, const std::string& executable) {
  process.executable = executable;
  process.name = executable.substr(executable.rfind('/') + 1);
  return process;
}

Process exiting(Process process) {
  process.state = ProcessState::exiting;
  process.arguments.clear();
  process.executable.clear();
  return process;
}

Process of_neighbour(int pid, int parent = 1) {
  return with_arguments(process(pid, parent), {binary, "-P", pid_file + "2"});
}

std::vector<int> pids_of(const std::vector<Process>& processes) {
  std::vector<int> pids;
  for (const auto& process : processes) {
    pids.push_back(process.id.pid);
  }
  return pids;
}

enum class Is { mine, unknown, impostor, foreign };

void PrintTo(Is is, std::ostream* out) {
  constexpr std::array<const char*, 4> names = {"mine", "unknown", "an impostor", "foreign"};
  *out << names[static_cast<std::size_t>(is)];
}

Is standing_of(int pid, const Census& census) {
  const auto has = [pid](const std::vector<Process>& processes) {
    const auto pids = pids_of(processes);
    return std::ranges::find(pids, pid) != pids.end();
  };
  return has(census.mine)        ? Is::mine
         : has(census.unknown)   ? Is::unknown
         : has(census.impostors) ? Is::impostor
                                 : Is::foreign;
}

// Returns the decision about the last process.
Is last_of(const std::vector<Process>& processes, const Clues& clues = {},
           const Parameters& parameters = instance()) {
  return standing_of(processes.back().id.pid, take_census(processes, parameters, trust, clues));
}

Is alone(const Process& process, const Clues& clues = {}) { return last_of({process}, clues); }
Is alone(std::vector<std::string> arguments) {
  return alone(with_arguments(process(100), std::move(arguments)));
}

// The command line.

TEST(AProcess, IsMineIfItIsAServerWithThePidFile) {
  EXPECT_EQ(alone({binary, "-P", pid_file, "-f", "/etc/k.cfg"}), Is::mine);
  EXPECT_EQ(alone({binary, "-f", "/other.cfg", "-P", pid_file, "-A", "X=1+1"}), Is::mine);
  EXPECT_EQ(alone({binary, "-P" + pid_file}), Is::mine);
  EXPECT_EQ(alone({binary, "-EP", pid_file}), Is::mine);
}

TEST(AProcess, IsNotMineWithAnotherPidFile) {
  for (const auto& other : {pid_file + "2", "/x" + pid_file, std::string("/run/kam/k.pi"),
                            std::string("/run/kam//k.pid"), std::string()}) {
    EXPECT_EQ(alone({binary, "-P", other}), Is::foreign) << other;
    EXPECT_EQ(alone({binary, "-P" + other}), Is::foreign) << other;
  }
}

TEST(AProcess, IsNotMineWithoutThePidFile) {
  EXPECT_EQ(alone({binary}), Is::foreign);
  EXPECT_EQ(alone({binary, "-P"}), Is::foreign);
  EXPECT_EQ(alone({binary, pid_file}), Is::foreign);
  EXPECT_EQ(alone({binary, "-f", pid_file}), Is::foreign);
  EXPECT_EQ(alone({binary, "-P", "/x", pid_file}), Is::foreign);
  EXPECT_EQ(alone({binary, "-P", pid_file, "-P", "/x"}), Is::foreign) << "the last one counts";
  EXPECT_EQ(alone({binary, "-f", "-P", pid_file}), Is::foreign) << "-P is the file's name there";
}

TEST(AProcess, IsNotMineIfItOnlyChecksAConfiguration) {
  EXPECT_EQ(alone({binary, "-c", "-P", pid_file}), Is::foreign);
  EXPECT_EQ(alone({binary, "-Ec", "-P", pid_file}), Is::foreign);
  EXPECT_EQ(alone({binary, "-P", pid_file, "-v"}), Is::foreign);
}

// The program.

TEST(AProcess, IsAnImpostorIfItRunsAnotherProgram) {
  EXPECT_EQ(alone(with_arguments(running(process(100), "/usr/bin/vim"), {"vim", "-P", pid_file})),
            Is::impostor);
  EXPECT_EQ(alone(with_arguments(running(process(100), "/bin/sh"),
                                 {"sh", "-c", "x", binary, "-P", pid_file})),
            Is::impostor);
}

TEST(AProcess, IsNotMineIfAnotherInstallationOfKamailioRunsIt) {
  const std::string other = "/usr/local/sbin/kamailio";
  EXPECT_EQ(alone(with_arguments(running(process(100), other), {other, "-P", pid_file})),
            Is::impostor);
}

TEST(AProcess, IsMineIfTheBinaryIsALinkToWhatItRuns) {
  EXPECT_EQ(alone(running(process(100), "/opt/kamailio-5.6/sbin/kamailio")), Is::mine);
  EXPECT_EQ(alone(running(process(100), "/usr/sbin/kamailio-5.6")), Is::mine);
}

TEST(ADescendant, IsMineIfTheBinaryIsALinkToWhatItRuns) {
  const std::string program = "/usr/sbin/kamailio-5.6";
  const auto main = running(process(100), program);
  const auto child = with_arguments(running(process(101, 100), program), {"garbage"});
  EXPECT_EQ(other_programs_of({main}, instance()), std::vector<std::string>{"kamailio-5.6"});
  EXPECT_EQ(last_of({main, child}, {.programs = {"kamailio-5.6"}}), Is::mine);
}

TEST(AProcess, IsMineIfItWasStartedByHandThroughThePath) {
  EXPECT_EQ(alone({"kamailio", "-P", pid_file}), Is::mine);
}

TEST(AProcess, IsMineByItsCommandLineIfItsProgramIsUnknown) {
  auto secret = process(100);
  secret.executable.clear();
  EXPECT_EQ(alone(secret), Is::mine);
}

TEST(AProcess, IsMineFromAnyPathOfTheBinary) {
  auto parameters = instance();
  parameters.binary.places.emplace_back("/usr/local/sbin/kamailio");
  const auto local = with_arguments(running(process(100), "/usr/local/sbin/kamailio"),
                                    {"/usr/local/sbin/kamailio", "-P", pid_file});
  EXPECT_EQ(last_of({local}, {}, parameters), Is::mine);
}

// The command line of a login shell begins with "-bash". It is foreign even if the instance runs a
// bash, too.
TEST(AProcess, IsForeignThoughTheInstanceRunsTheSameProgramBesideTheBinary) {
  const auto main = running(process(100), "/bin/bash");
  const auto shell = with_arguments(of_user(running(process(200), "/bin/bash"), all(0)), {"-bash"});
  EXPECT_EQ(last_of({main, shell}, {.programs = {"bash"}}), Is::foreign);
}

// The user.

TEST(AProcess, IsMineAsRootAndAsTheUserOfTheInstance) {
  EXPECT_EQ(alone(of_user(process(100), all(0))), Is::mine);
  EXPECT_EQ(alone(of_user(process(100), all(kamuser))), Is::mine);
}

TEST(AProcess, IsAnImpostorAsAnotherUser) {
  EXPECT_EQ(alone(of_user(process(100), all(nobody))), Is::impostor);
}

TEST(AProcess, IsAnImpostorIfAnotherUserStartedIt) {
  EXPECT_EQ(alone(of_user(running(process(100), "/usr/bin/su"),
                          {.real = nobody, .effective = 0, .saved = 0})),
            Is::impostor);
}

TEST(AProcess, IsUnknownIfItsUserCannotBeLookedUp) {
  const auto census = take_census({process(100)}, instance(),
                                  [](const UserIds& /*users*/) { return Trust::unknown; }, {});
  EXPECT_EQ(standing_of(100, census), Is::unknown);
}

// States.

TEST(AProcess, IsNotMineAsAZombie) {
  auto zombie = process(100);
  zombie.state = ProcessState::zombie;
  EXPECT_EQ(alone(zombie), Is::foreign);
}

TEST(AProcess, IsMineInEveryOtherState) {
  for (const auto state : {ProcessState::stopped, ProcessState::uninterruptible}) {
    auto hanging = process(100);
    hanging.state = state;
    EXPECT_EQ(alone(hanging), Is::mine);
  }
}

TEST(AProcess, IsUnknownInAPidNamespaceBelow) {
  auto inner = process(100);
  inner.pid_namespace = host::PidNamespace::inner;
  EXPECT_EQ(alone(inner), Is::unknown);
}

// The family.

TEST(ADescendant, IsMineWithoutItsCommandLine) {
  const auto main = process(100);
  for (const auto& arguments :
       {std::vector<std::string>{}, {"kamailio: worker"}, {"garbage", "x"}}) {
    EXPECT_EQ(last_of({main, with_arguments(process(101, 100), arguments)}), Is::mine);
  }
}

TEST(ADescendant, IsMineInAPidNamespaceBelow) {
  auto inner = process(101, 100);
  inner.pid_namespace = host::PidNamespace::inner;
  EXPECT_EQ(last_of({process(100), inner}), Is::mine);
}

TEST(ADescendant, IsMineOverSeveralGenerations) {
  const auto child = with_arguments(process(101, 100), {"x"});
  const auto grandchild = with_arguments(process(102, 101), {"x"});
  EXPECT_EQ(last_of({child, process(100), grandchild}), Is::mine);
}

TEST(ADescendant, IsNotMineAsAnotherProgram) {
  EXPECT_EQ(last_of({process(100), with_arguments(running(process(101, 100), "/bin/sh"), {"sh"})}),
            Is::foreign);
}

TEST(ADescendant, IsNotMineAsAServerWithAnotherPidFile) {
  EXPECT_EQ(last_of({process(100), of_neighbour(101, 100)}), Is::foreign);
}

TEST(AnOrphan, IsMineByItsSessionWithoutItsCommandLine) {
  auto sibling = process(101);
  sibling.session = 100;
  auto orphan = with_arguments(process(102), {"garbage"});
  orphan.session = 100;
  EXPECT_EQ(last_of({sibling, orphan}), Is::mine);
}

TEST(AnOrphan, IsUnknownWithoutItsCommandLineInASessionOfItsOwn) {
  EXPECT_EQ(last_of({with_arguments(process(100), {"garbage"})}), Is::unknown);
  EXPECT_EQ(last_of({with_arguments(process(100), {})}), Is::unknown);
}

TEST(AnOrphan, IsForeignInTheSessionOfAnotherInstance) {
  auto orphan = with_arguments(process(202), {"garbage"});
  orphan.session = 200;
  EXPECT_EQ(last_of({of_neighbour(200), orphan}), Is::foreign);
}

TEST(AnOrphan, IsForeignAsAnotherUser) {
  EXPECT_EQ(alone(of_user(with_arguments(process(100), {"garbage"}), all(nobody))), Is::foreign);
}

TEST(AServerWithoutAPidFile, IsForeignThoughItRunsTheBinary) {
  EXPECT_EQ(alone({binary, "-DD", "-E", "-f", "/etc/k.cfg"}), Is::foreign);
}

// The PID file.

TEST(ANamedProcess, IsMineWithoutItsCommandLine) {
  EXPECT_EQ(alone(with_arguments(process(100), {"garbage"}), {.named = 100}), Is::mine);
}

TEST(ANamedProcess, IsUnknownAsAServerWithoutAPidFile) {
  EXPECT_EQ(alone(with_arguments(process(100), {binary, "-DD"}), {.named = 100}), Is::unknown);
}

TEST(ANamedProcess, IsForeignWithAnotherPidFileOrProgramOrUser) {
  EXPECT_EQ(alone(of_neighbour(100), {.named = 100}), Is::foreign);
  EXPECT_EQ(
      alone(with_arguments(running(process(100), "/usr/sbin/sshd"), {"sshd"}), {.named = 100}),
      Is::foreign);
  EXPECT_EQ(alone(of_user(with_arguments(process(100), {"x"}), all(nobody)), {.named = 100}),
            Is::foreign);
}

// Those that are exiting.

TEST(AnExitingProcess, IsMineIfItsParentIs) {
  EXPECT_EQ(last_of({process(100), exiting(process(101, 100))}), Is::mine);
}

TEST(AnExitingProcess, IsMineIfItWasMineBefore) {
  EXPECT_EQ(alone(exiting(process(100)), {.known = {process(100).id}}), Is::mine);
}

TEST(AnExitingProcess, IsMineIfItWasMineBeforeUnderAnotherName) {
  auto renamed = exiting(process(100));
  renamed.name = "renamed";
  EXPECT_EQ(alone(renamed, {.known = {renamed.id}}), Is::mine);
}

TEST(AnExitingProcess, IsUnknownIfItsInstanceCannotBeDetermined) {
  EXPECT_EQ(alone(exiting(process(100))), Is::unknown);
}

TEST(AnExitingProcess, IsForeignIfItsParentOrItsSessionIsAnotherInstances) {
  EXPECT_EQ(last_of({of_neighbour(200), exiting(process(201, 200))}), Is::foreign);
  auto orphan = exiting(process(202));
  orphan.session = 200;
  EXPECT_EQ(last_of({of_neighbour(200), orphan}), Is::foreign);
}

TEST(AnExitingProcess, IsForeignAsAnotherUserOrWithAnotherName) {
  EXPECT_EQ(alone(exiting(of_user(process(100), all(nobody)))), Is::foreign);
  EXPECT_EQ(alone(exiting(running(process(100), "/usr/sbin/sshd"))), Is::foreign);
}

TEST(AnExitingProcess, IsRecognisedByTheBeginningOfALongName) {
  auto parameters = instance();
  parameters.binary.places = {"/usr/sbin/kamailio-of-a-long-name"};
  auto cut = exiting(process(100));
  cut.name = "kamailio-of-a-l";
  EXPECT_EQ(last_of({cut}, {}, parameters), Is::unknown);
  cut.name = "kamailio-of-a";
  EXPECT_EQ(last_of({cut}, {}, parameters), Is::foreign);
}

TEST(AKnownProcess, IsNoLongerMineAsAnotherProgram) {
  EXPECT_EQ(
      alone(with_arguments(running(process(100), "/bin/sh"), {"sh"}), {.known = {process(100).id}}),
      Is::foreign);
}

TEST(ACensus, HasAllInTheOrderOfTheTable) {
  const auto census = take_census(
      {process(103, 100), of_user(process(90), all(nobody)), process(100), exiting(process(50))},
      instance(), trust, {});
  EXPECT_THAT(pids_of(census.mine), ElementsAre(103, 100));
  EXPECT_THAT(pids_of(census.impostors), ElementsAre(90));
  EXPECT_THAT(pids_of(census.unknown), ElementsAre(50));
  EXPECT_FALSE(census.is_empty());
  EXPECT_TRUE(take_census({}, instance(), trust, {}).is_empty());
}

}  // namespace
}  // namespace kamailio
