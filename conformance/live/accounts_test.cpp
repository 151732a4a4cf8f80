// A user by number, which differs between machines.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

#include <pwd.h>

#include <string>

namespace live {
namespace {

using ::testing::HasSubstr;

// Kamailio uses the primary group of a user by name, but keeps root's group for a user by number.
TEST(Accounts, AUserMayBeANumberAndBringsItsOwnGroup) {
  const auto* const user = ::getpwnam("kamailio");
  ASSERT_NE(user, nullptr);
  const auto ids = [](unsigned id) {  // real, effective, saved and file system id: proc(5), status
    std::string text;
    for (int i = 0; i < 4; ++i) {
      text += "\t" + std::to_string(id);
    }
    return text + "\n";
  };
  const auto resource = make_resource("p_kam", 5060).with("kamuser", std::to_string(user->pw_uid));
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_FALSE(processes_of(resource).empty());
  for (const int pid : processes_of(resource)) {
    const auto status = read_file("/proc/" + std::to_string(pid) + "/status");
    EXPECT_THAT(status, HasSubstr("\nUid:" + ids(user->pw_uid))) << pid;
    EXPECT_THAT(status, HasSubstr("\nGid:" + ids(user->pw_gid))) << pid;
  }
}

}  // namespace
}  // namespace live
