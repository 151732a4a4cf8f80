// Where Kamailio may write its PID file as root.

#include "agent/kamailio/testing/node.h"
#include "agent/ocf/testing/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kamailio {
namespace {

using ocf::ExitCode;
using ocf::testing::ends_with;
using ocf::testing::succeeds;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Node;

TEST(Start, MakesThePidDirectoryForRootWhoeverRunsKamailio) {
  for (const auto* user : {"kamailio", ""}) {
    Node node;
    EXPECT_THAT(node.set("kamuser", user).run("start"), succeeds());
    EXPECT_THAT(node.files.changes(), ElementsAre("create_directory " + Node::pid_directory));
  }
}

TEST(Start, TakesTheDefaultPidDirectoryBackBeforeItRemovesAnythingInIt) {
  Node node;
  node.put_pid_file("4000").files.give_to(Node::pid_directory, {.user = 108, .group = 112});
  EXPECT_THAT(node.set("kamuser", "kamailio").run("start"), succeeds());
  EXPECT_THAT(node.files.changes(), ElementsAre("take_directory " + Node::pid_directory,
                                                "remove_file " + Node::pid_file));
  EXPECT_THAT(node.log.of(host::Level::info),
              Contains(HasSubstr(Node::pid_directory + " belongs to uid 108")));
}

TEST(Start, TakesNoDirectoryFromUnderARunningServer) {
  Node node;
  node.start_kamailio();
  node.files.give_to(Node::pid_directory, {.user = 108, .group = 112});
  EXPECT_THAT(node.run("start"), succeeds());
  EXPECT_THAT(node.files.changes(), IsEmpty());
}

TEST(Start, RefusesAPidFileThatOthersCanReplace) {
  Node node;
  node.files.put_directory("/run/kamailio");
  node.files.give_to("/run/kamailio", {.user = 108, .group = 112});
  EXPECT_THAT(
      node.set("pidfile", "/run/kamailio/kamailio.pid").run("start"),
      ends_with(ExitCode::invalid_arguments, AllOf(HasSubstr("pidfile=/run/kamailio/kamailio.pid"),
                                                   HasSubstr("/run/kamailio belongs to uid 108"),
                                                   HasSubstr("give the directory to root"))));
  EXPECT_THAT(node.runner.launched(), IsEmpty());
}

TEST(Start, TakesAPidFileThatOthersCanReplaceIfItIsNotRoot) {
  Node node;
  node.accounts.take_root_away();
  node.files.put_directory("/home/kam");
  node.files.give_to("/home/kam", {.user = 1000, .group = 1000});
  node.set("pidfile", "/home/kam/kamailio.pid").check_level(10);
  EXPECT_THAT(node.run("validate-all"), succeeds());
}

}  // namespace
}  // namespace kamailio
