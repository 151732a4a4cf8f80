// The user and group that Kamailio runs as.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

#include <sstream>

namespace live {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;

uid_t uid_of(const char* name) { return ::getpwnam(name)->pw_uid; }
gid_t gid_of(const char* name) { return ::getgrnam(name)->gr_gid; }

// Real, effective, saved and file system id: "Uid" or "Gid".
std::vector<unsigned> ids_of(int pid, const std::string& kind) {
  const auto status = read_file("/proc/" + std::to_string(pid) + "/status");
  std::istringstream fields(status.substr(status.find("\n" + kind + ":") + kind.size() + 2));
  std::vector<unsigned> ids(4);
  for (auto& id : ids) {
    fields >> id;
  }
  return ids;
}

struct stat status_of(const std::string& path) {
  struct stat status = {};
  EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
  return status;
}

void expect_that_all_run_as(const cluster::Resource& resource, uid_t user, gid_t group) {
  const auto processes = processes_of(resource);
  EXPECT_FALSE(processes.empty());
  for (const int pid : processes) {
    EXPECT_THAT(ids_of(pid, "Uid"), Each(user)) << pid;
    EXPECT_THAT(ids_of(pid, "Gid"), Each(group)) << pid;
  }
}

TEST(Accounts, TheServerRunsAsTheUserAndGroupWithADirectoryOfItsOwn) {
  const auto resource =
      make_resource("p_kam", 5060).with("kamuser", "kamailio").with("kamgroup", "daemon");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  expect_that_all_run_as(resource, uid_of("kamailio"), gid_of("daemon"));
  const auto directory = status_of("/run/kamailio_p_kam");
  EXPECT_EQ(directory.st_uid, uid_of("kamailio"));
  EXPECT_EQ(directory.st_gid, gid_of("daemon"));
  EXPECT_EQ(directory.st_mode & (S_IWGRP | S_IWOTH), 0U);
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(Accounts, AUserAloneBringsItsOwnGroup) {
  const auto resource = make_resource("p_kam", 5060).with("kamuser", "kamailio");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  expect_that_all_run_as(resource, uid_of("kamailio"), gid_of("kamailio"));
  EXPECT_EQ(status_of("/run/kamailio_p_kam").st_gid, gid_of("kamailio"));
}

TEST(Accounts, AUserMayBeANumber) {
  const auto resource =
      make_resource("p_kam", 5060).with("kamuser", std::to_string(uid_of("kamailio")));
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  expect_that_all_run_as(resource, uid_of("kamailio"), gid_of("kamailio"));
}

// The configuration is read and the port is bound before root's rights are dropped.
TEST(Accounts, TheUserNeedsNeitherAReadableConffileNorAFreePort) {
  const auto resource = make_resource("p_kam", 506).with("kamuser", "kamailio");
  ASSERT_EQ(run_program({"chmod", "600", "/etc/kamailio/p_kam.cfg"}), 0);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  expect_that_all_run_as(resource, uid_of("kamailio"), gid_of("kamailio"));
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
}

TEST(Accounts, AServerOfAUserIsCheckedByKamctlToo) {
  const auto resource = make_resource_with_kamctl("p_kam", 5060).with("kamuser", "kamailio");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), succeeds());
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

}  // namespace
}  // namespace live
