#include "agent/posix/hidden_processes.h"

#include <gtest/gtest.h>

#include <string>

namespace posix {
namespace {

bool is_root(gid_t group) { return group == 0; }
bool is_nobody(gid_t /*group*/) { return false; }

std::string proc_with(const std::string& options) {
  return "22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n"
         "25 22 0:5 / /proc rw,nosuid - proc proc rw" +
         options + "\n26 22 0:6 / /sys rw - sysfs sysfs rw\n";
}

TEST(HiddenProcesses, AreThereForNobodyWithoutHidepid) {
  EXPECT_FALSE(hides_processes(proc_with(""), is_nobody));
  EXPECT_FALSE(hides_processes(proc_with(",hidepid=1"), is_nobody));
  EXPECT_FALSE(hides_processes("", is_nobody));
}

TEST(HiddenProcesses, AreShownToTheGroupThatHidepidSpares) {
  for (const auto* mode : {",hidepid=2", ",hidepid=invisible"}) {
    EXPECT_FALSE(hides_processes(proc_with(mode), is_root)) << mode;
    EXPECT_TRUE(hides_processes(proc_with(mode), is_nobody)) << mode;
    EXPECT_TRUE(hides_processes(proc_with(",gid=27" + std::string(mode)), is_root)) << mode;
  }
}

TEST(HiddenProcesses, AreHiddenFromEveryGroupIfOnlyTracersSeeThem) {
  EXPECT_TRUE(hides_processes(proc_with(",hidepid=4"), is_root));
  EXPECT_TRUE(hides_processes(proc_with(",hidepid=ptraceable"), is_root));
}

TEST(HiddenProcesses, AreThoseOfTheLastMount) {
  EXPECT_FALSE(hides_processes(proc_with(",hidepid=4") + proc_with(""), is_root));
  EXPECT_TRUE(hides_processes(proc_with("") + proc_with(",hidepid=4"), is_root));
}

TEST(HiddenProcesses, AreNotAMatterOfOtherMounts) {
  EXPECT_FALSE(hides_processes("9 1 0:5 / /x/proc rw - proc proc rw,hidepid=4\n", is_root));
}

}  // namespace
}  // namespace posix
