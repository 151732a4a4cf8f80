#include "conformance/faults/hold.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <thread>

namespace faults {
namespace {

using ::testing::HasSubstr;

class Hold : public ::testing::Test {
 protected:
  Hold() { std::filesystem::create_directory(directory_); }
  ~Hold() override { std::filesystem::remove_all(directory_); }

  // Runs a shell script, and returns the content of the file "out" at the moment when the process
  // is held; nothing if it never is.
  std::optional<std::string> out_when_held(const std::string& script, const std::string& process) {
    std::optional<std::string> out;
    status_ = run_and_hold({"/bin/sh", "-c", "cd " + directory_ + "; " + script}, process,
                           [&](pid_t pid) {
                             // If it were not held, it would write meanwhile.
                             std::this_thread::sleep_for(std::chrono::milliseconds(100));
                             out = this->out();
                             ::kill(pid, SIGCONT);
                           });
    return out;
  }

  [[nodiscard]] std::string out() const {
    std::ostringstream text;
    text << std::ifstream(directory_ + "/out").rdbuf();
    return text.str();
  }

  [[nodiscard]] int status() const { return status_; }

 private:
  std::string directory_ = ::testing::TempDir() + "hold." + std::to_string(::getpid());
  int status_ = -1;
};

TEST_F(Hold, StopsAProcessBeforeItDoesAnything) {
  EXPECT_EQ(out_when_held("(echo first >>out); (echo second >>out)", "agent.1"), "");
  EXPECT_EQ(out(), "first\nsecond\n");
}

TEST_F(Hold, CountsTheProcessesThatOneMakes) {
  EXPECT_EQ(out_when_held("(echo first >>out); (echo second >>out)", "agent.2"), "first\n");
  EXPECT_EQ(out(), "first\nsecond\n");
}

TEST_F(Hold, StopsWhatAForkForks) {
  EXPECT_EQ(out_when_held("(echo outer >>out; (echo inner >>out); :)", "agent.1.1"), "outer\n");
  EXPECT_EQ(out(), "outer\ninner\n");
}

TEST_F(Hold, LetsAllRunIfThereIsNoSuchProcess) {
  EXPECT_EQ(out_when_held("(echo first >>out)", "agent.2"), std::nullopt);
  EXPECT_EQ(out(), "first\n");
}

TEST_F(Hold, DoesNotTraceAProgramThatAForkExecutes) {
  EXPECT_EQ(out_when_held("grep TracerPid /proc/self/status >out; :", "agent.2"), std::nullopt);
  EXPECT_THAT(out(), HasSubstr("TracerPid:\t0\n"));
}

TEST_F(Hold, ReturnsHowTheCommandEnded) {
  EXPECT_EQ(out_when_held("exit 7", "agent.1"), std::nullopt);
  EXPECT_EQ(WEXITSTATUS(status()), 7);
  EXPECT_EQ(out_when_held("kill -KILL $$", "agent.1"), std::nullopt);
  EXPECT_TRUE(WIFSIGNALED(status()));
}

TEST_F(Hold, PassesSignalsOn) {
  EXPECT_EQ(out_when_held("trap 'echo came >>out' USR1; kill -USR1 $$", "agent.1"), std::nullopt);
  EXPECT_EQ(out(), "came\n");
}

}  // namespace
}  // namespace faults
