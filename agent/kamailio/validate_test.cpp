#include "agent/kamailio/testing/node.h"
#include "agent/ocf/testing/outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace kamailio {
namespace {

using namespace std::chrono_literals;
using ocf::ExitCode;
using ocf::testing::ends_with;
using ocf::testing::succeeds;
using ::testing::_;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Node;
using ::testing::StartsWith;

TEST(ValidateAll, IsSilentIfAllIsWell) {
  Node node;
  EXPECT_THAT(node.run("validate-all"), succeeds());
  for (const auto level :
       {host::Level::critical, host::Level::error, host::Level::warning, host::Level::info}) {
    EXPECT_THAT(node.log.of(level), IsEmpty());
  }
}

// A shortage, or a name service that is down, passes; code 2 would ban the node.
TEST(ValidateAll, FailsSoftlyIfTheConfigurationMeetsATemporaryError) {
  for (const std::string words :
       {" 0(7) ERROR: fix_hostname(): could not resolve sip.example.com\n",
        " 0(7) ERROR: load_module(): sl.so: cannot open shared object file: Too many open files\n"
        " 0(7) CRITICAL: yyerror_at(): parse error in config file /etc/k.cfg, line 3\n",
        " 0(7) CRITICAL: yyerror_at(): Can't initialize shared memory\n"}) {
    Node node;
    node.configuration_is_wrong(words);
    EXPECT_THAT(node.run("validate-all"),
                ends_with(ExitCode::generic_error, HasSubstr("conffile=" + Node::conffile)));
  }
}

TEST(ValidateAll, FailsSoftlyWhereTheNodeCannotBeLookedAt) {
  for (const auto& path :
       {Node::binary, Node::sipsak, Node::kamctl, Node::kamctlrc, Node::conffile}) {
    Node node;
    node.files.spoil(path, {.text = path + ": Too many open files"});
    EXPECT_THAT(node.run("validate-all"),
                ends_with(ExitCode::generic_error, HasSubstr("Too many open files")));
  }
}

TEST(ValidateAll, FailsSoftlyIfAnAccountCannotBeLookedUp) {
  Node node;
  node.accounts.fail({.text = "user kamailio: Cannot allocate memory"});
  EXPECT_THAT(node.set("kamuser", "kamailio").run("validate-all"),
              ends_with(ExitCode::generic_error, HasSubstr("Cannot allocate memory")));
}

TEST(ValidateAll, WarnsOfFilesThatOthersCanChangeAndRootUses) {
  const host::Owner service = {.user = 108, .group = 112};
  for (const std::string& path :
       {Node::binary, Node::sipsak, Node::kamctl, Node::kamctlrc, Node::conffile}) {
    Node node;
    node.files.give_to(path, service);
    EXPECT_THAT(node.run("validate-all"), succeeds());
    EXPECT_THAT(node.log.warnings(), ElementsAre(AllOf(HasSubstr(path + " belongs to uid 108"),
                                                       HasSubstr("make root its owner"))));
  }
}

TEST(ValidateAll, WarnsOfAKamctlrcThatKamctlReadsWhateverTheParameterSays) {
  Node node;
  node.files.put("/root/own.rc");
  node.files.give_to(Node::kamctlrc, {.user = 108, .group = 112});
  EXPECT_THAT(node.set("kamctlrc", "/root/own.rc").run("validate-all"), succeeds());
  EXPECT_THAT(node.log.warnings(), ElementsAre(HasSubstr(Node::kamctlrc + " (read by kamctl)")));
}

TEST(ValidateAll, WarnsOfNoFileThatIsNotUsed) {
  Node node;
  const host::Owner service = {.user = 108, .group = 112};
  for (const std::string& path : {Node::sipsak, Node::kamctl, Node::kamctlrc}) {
    node.files.give_to(path, service);
  }
  EXPECT_THAT(node.set("probe", "builtin").set("kamctlrc", "").run("validate-all"), succeeds());
  EXPECT_THAT(node.log.warnings(), IsEmpty());
}

TEST(ValidateAll, WarnsOfNoFileIfItIsNotRoot) {
  Node node;
  node.accounts.take_root_away();
  node.files.give_to(Node::conffile, {.user = 1000, .group = 1000});
  EXPECT_THAT(node.run("validate-all"), succeeds());
  EXPECT_THAT(node.log.warnings(), IsEmpty());
}

TEST(ValidateAll, ChangesNothing) {
  Node node;
  node.start_kamailio();
  EXPECT_THAT(node.run("validate-all"), succeeds());
  EXPECT_THAT(node.processes.signals(), IsEmpty());
  EXPECT_THAT(node.files.changes(), IsEmpty());
  EXPECT_THAT(node.runner.launched(), IsEmpty());
}

TEST(ValidateAll, HasKamailioCheckTheInstancesOwnConfiguration) {
  Node node;
  node.files.put("/etc/kamailio/kamailio2.cfg");
  node.set("conffile", "/etc/kamailio/kamailio2.cfg");
  EXPECT_THAT(node.run("validate-all"), succeeds());
  ASSERT_EQ(node.runner.ran().size(), 1U);
  EXPECT_THAT(node.runner.ran().front().arguments,
              ElementsAre(Node::binary, "-c", "-E", "-f", "/etc/kamailio/kamailio2.cfg"));
}

TEST(ValidateAll, SaysWhereTheConfigurationIsWrong) {
  Node node;
  node.configuration_is_wrong(" 0(7) CRITICAL: <core>: parse error, line 12, column 3\n");
  EXPECT_THAT(node.run("validate-all"),
              ends_with(ExitCode::invalid_arguments,
                        AllOf(HasSubstr("conffile=" + Node::conffile), HasSubstr("line 12"))));
}

TEST(ValidateAll, FailsBeforeTheTimeoutIfKamailioDoesNotEnd) {
  Node node;
  node.runner.helper(Node::binary,
                     [](const auto&) -> testing::Performance { return {.takes = 1h}; });
  EXPECT_THAT(node.timeout(5s).run("validate-all"),
              ends_with(ExitCode::generic_error, HasSubstr(Node::conffile)));
  EXPECT_LT(node.elapsed(), 5s);
}

TEST(ValidateAll, RefusesAllWrongParametersTogether) {
  for (const int level : {0, 10}) {
    Node node;
    node.set("port", "banana").set("proto", "sctp").check_level(level);
    EXPECT_THAT(node.run("validate-all"),
                ends_with(ExitCode::not_configured,
                          AllOf(HasSubstr("port=banana"), HasSubstr("proto=sctp"))));
  }
}

// The parameters may be valid on another node.
TEST(ValidateAll, AtLevel0LooksAtNoFile) {
  Node node;
  EXPECT_THAT(
      node.uninstall_everything().set("kamuser", "nobody-here").check_level(0).run("validate-all"),
      succeeds());
  EXPECT_EQ(node.files.looks(), 0);
  EXPECT_THAT(node.accounts.asked_for(), IsEmpty());
  EXPECT_THAT(node.runner.ran(), IsEmpty());
}

TEST(ValidateAll, SaysNotInstalledForMissingSoftware) {
  for (const auto& [parameter, path] : Node::software) {
    Node node;
    EXPECT_THAT(node.uninstall(path).run("validate-all"),
                ends_with(ExitCode::not_installed, StartsWith(parameter + "=/")));
  }
}

TEST(ValidateAll, NeedsNoKamctlIfKamctlrcIsEmpty) {
  Node node;
  node.uninstall(Node::kamctl).uninstall(Node::kamctlrc).set("kamctlrc", "");
  EXPECT_THAT(node.run("validate-all"), succeeds());
}

TEST(ValidateAll, SaysInvalidForAMissingConfigurationFile) {
  Node node;
  EXPECT_THAT(node.uninstall(Node::conffile).run("validate-all"),
              ends_with(ExitCode::invalid_arguments, HasSubstr("conffile=")));
}

TEST(ValidateAll, SaysInvalidForAConfigurationThatIsADirectory) {
  Node node;
  node.files.put_directory("/etc/kamailio.d");
  EXPECT_THAT(node.set("conffile", "/etc/kamailio.d").run("validate-all"),
              ends_with(ExitCode::invalid_arguments, HasSubstr("conffile=/etc/kamailio.d")));
}

TEST(ValidateAll, SaysInvalidForAnUnknownUserOrGroup) {
  for (const std::string name : {"kamuser", "kamgroup"}) {
    Node node;
    EXPECT_THAT(node.set(name, "stranger").run("validate-all"),
                ends_with(ExitCode::invalid_arguments, HasSubstr(name + "=stranger")));
  }
}

TEST(ValidateAll, SaysNotPermittedWhereOnlyRootCouldChangeTheUser) {
  Node node;
  node.accounts.take_root_away();
  EXPECT_THAT(node.set("kamuser", "kamailio").run("validate-all"),
              ends_with(ExitCode::not_permitted, HasSubstr("root")));
}

TEST(ValidateAll, SaysNotPermittedForAFileThatMayNotBeRead) {
  Node node;
  node.files.put(Node::conffile, {.access = {}});
  EXPECT_THAT(node.run("validate-all"),
              ends_with(ExitCode::not_permitted, HasSubstr("conffile=" + Node::conffile)));
}

TEST(ValidateAll, SaysInvalidForAPidFileBelowAFile) {
  Node node;
  node.files.put("/etc/hosts");
  EXPECT_THAT(node.set("pidfile", "/etc/hosts/k.pid").run("validate-all"),
              ends_with(ExitCode::invalid_arguments, HasSubstr("pidfile=/etc/hosts/k.pid")));
}

TEST(ValidateAll, NamesAllThatIsMissing) {
  Node node;
  EXPECT_THAT(node.uninstall_everything().set("kamuser", "stranger").run("validate-all"),
              ends_with(_, AllOf(HasSubstr("binary="), HasSubstr("sipsak="), HasSubstr("kamctl="),
                                 HasSubstr("kamctlrc="), HasSubstr("conffile="),
                                 HasSubstr("kamuser=stranger"))));
}

TEST(ValidateAll, AcceptsEachDocumentedProto) {
  for (const std::string proto : {"udp", "tcp", "udptcp", "conf_udp", "conf_tcp", "conf_udptcp"}) {
    Node node;
    EXPECT_THAT(node.set("proto", proto).run("validate-all"), succeeds()) << proto;
  }
}

TEST(ReloadAgent, ChecksTheValuesAndTouchesNothing) {
  Node node;
  node.start_kamailio();
  EXPECT_THAT(node.set("monitoring_ip", "192.0.2.1").run("reload-agent"), succeeds());
  EXPECT_THAT(node.processes.signals(), IsEmpty());
  EXPECT_THAT(node.runner.ran(), IsEmpty());
  EXPECT_THAT(node.files.changes(), IsEmpty());
}

TEST(ReloadAgent, RefusesWrongValuesThatTakeARestart) {
  Node node;
  EXPECT_THAT(node.set("port", "0").run("reload-agent"),
              ends_with(ExitCode::not_configured, HasSubstr("port=0")));
}

// A failure would restart the server.
TEST(ReloadAgent, WarnsOfOtherInvalidValues) {
  Node node;
  EXPECT_THAT(node.set("monitoring_ip", "localhost").run("reload-agent"), succeeds());
  EXPECT_THAT(node.log.warnings(), Contains(HasSubstr("monitoring_ip=localhost")));
}

// Starts Kamailio with the same command line as the agent.
void start_as_the_agent_does(Node& node, std::uint32_t user = 0) {
  const int main = node.start_kamailio();
  for (const int pid : {main, main + 1, main + 2}) {
    auto process = Node::kamailio_process(pid, pid == main ? 1 : main);
    process.users = {.real = user, .effective = user, .saved = user};
    for (const std::string transport : {"udp", "tcp"}) {
      for (const std::string address : {"192.0.2.1", "127.0.0.1"}) {
        process.arguments.insert(process.arguments.end(),
                                 {"-l", transport + ":" + address + ":5060"});
      }
    }
    node.processes.end(pid);
    node.processes.add(process);
  }
}

TEST(ValidateAll, TriesTheCheckOnAServerThatRuns) {
  Node node;
  start_as_the_agent_does(node);
  EXPECT_THAT(node.set("probe", "builtin").run("validate-all"), succeeds());
  EXPECT_THAT(node.set("probe_accept", "603").run("validate-all"),
              ends_with(ExitCode::invalid_arguments, HasSubstr("expected a 603 reply")));
}

// The server will be restarted with the other parameters.
TEST(ValidateAll, DoesNotTryTheCheckOnAServerWithOtherParameters) {
  Node node;
  start_as_the_agent_does(node);
  EXPECT_THAT(node.set("probe", "builtin")
                  .set("probe_accept", "603")
                  .set("port", "5070")
                  .run("validate-all"),
              succeeds());
}

// Anybody can start a process with that command line.
TEST(ValidateAll, DoesNotTryTheCheckOnAProcessOfAnotherUser) {
  Node node;
  start_as_the_agent_does(node, 65534);
  EXPECT_THAT(node.set("probe", "builtin").set("probe_accept", "603").run("validate-all"),
              succeeds());
}

TEST(ValidateAll, AcceptsValuesIfTheServerDoesNotReply) {
  Node node;
  start_as_the_agent_does(node);
  node.mood(Node::Mood::is_not_up);
  EXPECT_THAT(node.set("probe", "builtin").timeout(5s).run("validate-all"), succeeds());
  EXPECT_LT(node.elapsed(), 4750ms);
}

TEST(ValidateAll, WarnsOfTheServiceOfTheDistribution) {
  Node node;
  node.files.put("/etc/systemd/system/multi-user.target.wants/kamailio.service");
  EXPECT_THAT(node.run("validate-all"), succeeds());
  EXPECT_THAT(node.log.warnings(), ElementsAre(HasSubstr("systemctl disable --now kamailio")));
  node.files.put("/etc/systemd/system/kamailio.service", {.type = host::FileType::symbolic_link});
  EXPECT_THAT(node.run("validate-all"), succeeds());
  EXPECT_THAT(node.log.warnings(), ElementsAre(_)) << "it is masked";
}

}  // namespace
}  // namespace kamailio
