// Servers that are not recognisable: neither monitor nor stop may report that none runs.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <sstream>
#include <string>
#include <vector>

namespace live {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Overwrites the command line, as a process can do itself: proc(5), arg_start and arg_end of stat.
void overwrite_arguments(int pid) {
  const auto proc = "/proc/" + std::to_string(pid);
  constexpr int arg_start = 48;
  auto stat = read_file(proc + "/stat");
  std::istringstream fields(stat.substr(stat.rfind(')') + 2));
  std::vector<std::string> values{"pid", "comm"};
  for (std::string value; fields >> value;) {
    values.push_back(value);
  }
  const auto begin = std::stoul(values.at(arg_start - 1));
  const std::string text(std::stoul(values.at(arg_start)) - begin, 'x');
  const int memory = ::open((proc + "/mem").c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_EQ(::pwrite(memory, text.data(), text.size(), static_cast<off_t>(begin)),
            static_cast<ssize_t>(text.size()));
  ::close(memory);
  ASSERT_EQ(arguments_of(pid).size(), 1U);
}

std::vector<int> living_among(std::vector<int> pids) {
  std::erase_if(pids, [](int pid) { return !lives(pid); });
  return pids;
}

class Hidden : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_THAT(agent().run(resource_, {.action = "start"}), succeeds());
    all_ = processes_of(resource_);
    main_ = main_process_of(resource_);
    ASSERT_GT(all_.size(), 5U);
  }

  const cluster::Resource resource_ = make_resource("p_kam", 5060);  // NOLINT: GoogleTest's way
  std::vector<int> all_;                                             // NOLINT
  int main_ = 0;                                                     // NOLINT
};

// proc(5): hidepid=4 hides all processes from a user who may not trace them.
TEST_F(Hidden, FromAnAgentThatMayNotLookIsUnknown) {
  ASSERT_EQ(run_program({"mount", "-o", "remount,hidepid=4", "/proc"}), 0);
  write_file("/tmp/agent",
             "#!/bin/sh\nexec setpriv --bounding-set=-sys_ptrace --inh-caps=-sys_ptrace " +
                 agent().agent() + " \"$@\"\n");
  ASSERT_EQ(run_program({"chmod", "755", "/tmp/agent"}), 0);
  const cluster::Cluster blind("/tmp/agent");
  for (const std::string action : {"monitor", "stop"}) {
    EXPECT_THAT(blind.run(resource_, {.action = action, .timeout = std::chrono::seconds(10)}),
                fails(1, HasSubstr("hidepid")))
        << action;
  }
  EXPECT_EQ(living_among(all_), all_);
}

TEST_F(Hidden, WorkersWithOtherArgumentsEndWithTheServer) {
  for (const int pid : all_) {
    if (pid != main_) {
      overwrite_arguments(pid);
    }
  }
  EXPECT_THAT(agent().run(resource_, {.action = "stop"}), succeeds());
  EXPECT_THAT(living_among(all_), IsEmpty());
}

// SIGSTOP keeps them from ending with it.
TEST_F(Hidden, WorkersWithOtherArgumentsAreNotCalledGoneWithTheMainProcess) {
  for (const int pid : all_) {
    if (pid != main_) {
      overwrite_arguments(pid);
      ::kill(pid, SIGSTOP);
    }
  }
  ::kill(main_, SIGKILL);
  ASSERT_TRUE(eventually([&] { return !lives(main_); }));
  std::erase(all_, main_);
  for (const std::string action : {"monitor", "stop"}) {
    EXPECT_THAT(agent().run(resource_, {.action = action, .timeout = std::chrono::seconds(10)}),
                fails(1, HasSubstr("unknown whether")))
        << action;
    EXPECT_EQ(living_among(all_), all_);
  }
}

TEST_F(Hidden, AServerWithOtherArgumentsIsKnownByItsPidFile) {
  for (const int pid : all_) {
    overwrite_arguments(pid);
  }
  EXPECT_THAT(agent().run(resource_, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource_, {.action = "stop"}), succeeds());
  EXPECT_THAT(living_among(all_), IsEmpty());
}

// A server that was started there with the mounts of the node, and so with its sockets and files.
TEST_F(Hidden, InAPidNamespaceBelowIsUnknown) {
  std::vector<std::string> command = {"unshare", "--pid", "--fork", "--kill-child"};
  const auto arguments = arguments_of(main_);
  command.insert(command.end(), arguments.begin(), arguments.end());
  command.insert(command.end(), {"-DD", "-E"});
  ASSERT_THAT(agent().run(resource_, {.action = "stop"}), succeeds());
  ASSERT_EQ(run_program({"mkdir", "/run/kamailio_p_kam"}), 0);
  const int outside = start_program(command);
  ASSERT_TRUE(eventually([&] { return twins_of(resource_).size() == all_.size(); }));
  ASSERT_EQ(run_program({"rm", "-f", pid_file_of(resource_)}), 0);
  const auto twins = twins_of(resource_);
  for (const std::string action : {"monitor", "stop"}) {
    EXPECT_THAT(agent().run(resource_, {.action = action, .timeout = std::chrono::seconds(10)}),
                fails(1, HasSubstr("namespace")))
        << action;
  }
  EXPECT_EQ(living_among(twins), twins);
  ::kill(outside, SIGKILL);
}

}  // namespace
}  // namespace live
