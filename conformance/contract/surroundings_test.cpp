#include "conformance/contract/surroundings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <system_error>
#include <vector>

namespace contract {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SurroundingsTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(::mkdtemp(directory_.data()), nullptr); }
  void TearDown() override {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  [[nodiscard]] std::string path(const std::string& name) const { return directory_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
  }
  [[nodiscard]] Snapshot look() const {
    return look_at({.reaper = ::getpid(), .directories = {directory_}, .of_others = of_others_},
                   path("ours"));
  }

  std::vector<std::string> of_others_;

 private:
  std::string directory_ = "/tmp/ocf-contract-test-XXXXXX";
};

TEST_F(SurroundingsTest, HaveNewFiles) {
  const auto before = look();
  write("new", "");
  std::filesystem::create_directory(path("directory"));
  EXPECT_THAT(new_files(before, look()), ElementsAre(path("new")));
}

TEST_F(SurroundingsTest, HaveChangedFiles) {
  write("changed", "one");
  write("gone", "");
  write("as-before", "");
  const auto before = look();
  write("changed", "another");
  write("new", "");
  std::filesystem::remove(path("gone"));
  EXPECT_THAT(changed_files(before, look()),
              ElementsAre(path("changed") + " has changed", path("new") + " is new",
                          path("gone") + " is gone"));
}

TEST_F(SurroundingsTest, HaveNothingOfOurs) {
  const auto before = look();
  std::filesystem::create_directory(path("ours"));
  write("ours/file", "");
  EXPECT_THAT(changed_files(before, look()), IsEmpty());
}

TEST_F(SurroundingsTest, HaveNothingOfOthers) {
  of_others_ = {path("shm_")};
  const auto before = look();
  write("shm_1", "");
  write("sem_1", "");
  EXPECT_THAT(new_files(before, look()), ElementsAre(path("sem_1")));
}

// Forked, so that it is a child of this process.
pid_t start_sleeper() {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::pause();
    ::_exit(0);
  }
  return pid;
}

void end(pid_t pid) {
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

TEST_F(SurroundingsTest, HaveNewProcesses) {
  const auto before = look();
  const pid_t pid = start_sleeper();
  const auto found = new_processes(before.processes, look().processes);
  EXPECT_EQ(found.size(), 1U);
  EXPECT_TRUE(found.contains(pid));
  end(pid);
  EXPECT_THAT(new_processes(before.processes, look().processes), IsEmpty());
}

TEST_F(SurroundingsTest, HaveNoZombies) {
  const pid_t pid = start_sleeper();
  ::kill(pid, SIGKILL);
  siginfo_t ended = {};
  ::waitid(P_PID, static_cast<id_t>(pid), &ended, WEXITED | WNOWAIT);
  EXPECT_EQ(state_of(pid), 'Z');
  EXPECT_THAT(look().processes, IsEmpty());
  end(pid);
  EXPECT_EQ(state_of(pid), 'X');
}

TEST(NewProcesses, AreToldFromFormerOnesWithTheSamePid) {
  const std::map<pid_t, Process> before = {{7, {.started = 1, .command = "a"}}};
  const std::map<pid_t, Process> after = {{7, {.started = 2, .command = "a"}}};
  EXPECT_THAT(names_of(new_processes(before, after)), ElementsAre("process 7 (a)"));
}

}  // namespace
}  // namespace contract
