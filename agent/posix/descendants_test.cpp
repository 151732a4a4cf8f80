#include "agent/posix/descendants.h"

#include "agent/posix/testing/own_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <future>
#include <thread>

namespace posix {
namespace {

// Has the name of this process.
pid_t fork_sleeper() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) {
      ::pause();
    }
  }
  return child;
}

TEST(OwnChildren, AreThoseOfEveryThread) {
  std::promise<pid_t> child;
  std::promise<void> seen;
  std::thread parent([&] {
    child.set_value(fork_sleeper());
    seen.get_future().wait();  // with its end another thread would get the child
  });
  const pid_t pid = child.get_future().get();
  EXPECT_THAT(own_children(), ::testing::Contains(pid));
  seen.set_value();
  parent.join();
  ::kill(pid, SIGKILL);
  ::waitpid(pid, nullptr, 0);
}

TEST(SignalDescendants, ReachesAProcessWhoseNameMisleads) {
  for (const auto* name : {"x) S 1 (", "a b", "))", "x) S 1 1"}) {
    ASSERT_EQ(testing::result_in_child([&] {
                ::prctl(PR_SET_NAME, name);
                const pid_t child = fork_sleeper();
                signal_descendants(SIGKILL);
                for (int look = 0; look < 500; ++look) {
                  if (::waitpid(child, nullptr, WNOHANG) == child) {
                    return 0;
                  }
                  ::poll(nullptr, 0, 10);
                }
                ::kill(child, SIGKILL);
                return 1;
              }),
              0)
        << name;
  }
}

}  // namespace
}  // namespace posix
