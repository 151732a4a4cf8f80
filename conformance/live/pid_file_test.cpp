// The PID file and its directory: lost, stale, garbled, or not what they seem.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

namespace live {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// What the PID file may say instead of the main process's pid. Only "{pid}" is replaced, by the pid
// of a process that has nothing to do with Kamailio.
struct Content {
  std::string name;
  std::string text;
};

void PrintTo(const Content& content, std::ostream* stream) {  // NOLINT: GoogleTest's name
  *stream << content.name;
}

class WrongContent : public ::testing::TestWithParam<Content> {
 protected:
  void SetUp() override { innocent_ = start_program({"sleep", "1000"}); }
  void TearDown() override { EXPECT_TRUE(lives(innocent_)); }

  [[nodiscard]] std::string text() const {
    return GetParam().text == "{pid}" ? std::to_string(innocent_) + "\n" : GetParam().text;
  }

 private:
  int innocent_ = 0;
};

TEST_P(WrongContent, BesideAHealthyServerIsAWarningAndNoFailure) {
  const auto resource = make_resource("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  write_file(pid_file_of(resource), text());
  const auto monitored = agent().run(resource, {.action = "monitor"});
  EXPECT_THAT(monitored, succeeds());
  EXPECT_THAT(monitored.err, AllOf(HasSubstr("WARNING"), HasSubstr(pid_file_of(resource))));
  const auto processes = processes_of(resource);
  EXPECT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_EQ(processes_of(resource), processes);
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST_P(WrongContent, OfAStaleFileIsNoObstacleToAStart) {
  const auto resource = make_resource("p_kam", 5060);
  ASSERT_EQ(run_program({"mkdir", "/run/kamailio_p_kam"}), 0);
  write_file(pid_file_of(resource), text());
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), is_not_running());
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_EQ(std::stoi(read_file(pid_file_of(resource))), main_process_of(resource));
}

TEST_P(WrongContent, OfAStaleFileIsCleanedUpByAStop) {
  const auto resource = make_resource("p_kam", 5060);
  ASSERT_EQ(run_program({"mkdir", "/run/kamailio_p_kam"}), 0);
  write_file(pid_file_of(resource), text());
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(PidFile, WrongContent,
                         ::testing::Values(Content{"empty", ""}, Content{"garbled", "garbage\n"},
                                           Content{"negative", "-1\n"}, Content{"zero", "0\n"},
                                           Content{"huge", "99999999999999999999\n"},
                                           Content{"dead", "4194303\n"},
                                           Content{"somebody_elses", "{pid}"}),
                         [](const auto& tested) { return tested.param.name; });

TEST(PidFile, ThatIsLostBesideAHealthyServerIsAWarningAndNoFailure) {
  const auto resource = make_resource("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  ASSERT_EQ(run_program({"rm", "-r", "/run/kamailio_p_kam"}), 0);
  const auto monitored = agent().run(resource, {.action = "monitor"});
  EXPECT_THAT(monitored, succeeds());
  EXPECT_THAT(monitored.err, AllOf(HasSubstr("WARNING"), HasSubstr(pid_file_of(resource))));
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(PidFile, ThatIsAFifoBlocksNobody) {
  const auto resource = make_resource("p_kam", 5060).with("pidfile", "/tmp/fifo");
  ASSERT_EQ(run_program({"mkfifo", "/tmp/fifo"}), 0);
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), is_not_running());
  EXPECT_THAT(agent().run(resource, {.action = "start"}), fails(1, HasSubstr("/tmp/fifo")));
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_TRUE(exists("/tmp/fifo"));
}

// A mistake in the configuration must not cost the administrator a file.
TEST(PidFile, ThatIsNoPidFileIsNeverRemoved) {
  const std::string text(4096, 'x');
  const auto resource = make_resource("p_kam", 5060).with("pidfile", "/etc/kamailio/innocent");
  write_file("/etc/kamailio/innocent", text);
  EXPECT_THAT(agent().run(resource, {.action = "start"}),
              fails(1, HasSubstr("/etc/kamailio/innocent")));
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_EQ(read_file("/etc/kamailio/innocent"), text);
}

TEST(PidFile, ThatIsADirectoryIsNeverRemoved) {
  const auto resource = make_resource("p_kam", 5060).with("pidfile", "/tmp/empty");
  ASSERT_EQ(run_program({"mkdir", "/tmp/empty"}), 0);
  EXPECT_THAT(agent().run(resource, {.action = "start"}), fails(1, HasSubstr("/tmp/empty")));
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_TRUE(exists("/tmp/empty"));
}

TEST(PidFile, AnEmptyParameterMeansTheDefault) {
  const auto resource = make_resource("p_kam", 5060);
  ASSERT_THAT(agent().run(resource.with("pidfile", ""), {.action = "start"}), succeeds());
  EXPECT_TRUE(exists("/run/kamailio_p_kam/kamailio.pid"));
  EXPECT_THAT(agent().run(resource.with("pidfile", ""), {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST(PidFileDirectory, ThatIsNotEmptyStays) {
  const auto resource = make_resource("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  write_file("/run/kamailio_p_kam/notes", "keep me");
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_EQ(read_file("/run/kamailio_p_kam/notes"), "keep me");
  EXPECT_FALSE(exists(pid_file_of(resource)));
}

TEST(PidFileDirectory, OfTheUsersChoiceIsMadeByAStartAndStays) {
  const auto resource = make_resource("p_kam", 5060).with("pidfile", "/run/my/own/kamailio.pid");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_TRUE(exists("/run/my/own/kamailio.pid"));
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
  EXPECT_TRUE(exists("/run/my/own"));
}

// Something else that happens to be where a symbolic link leads.
class SymbolicLink : public ::testing::Test {
 protected:
  static constexpr const char* innocent = "/etc/kamailio/innocent";

  void SetUp() override {
    ASSERT_EQ(run_program({"mkdir", innocent}), 0);
    write_file(std::string(innocent) + "/kamailio.pid", "4194303\n");
  }
  void TearDown() override {
    EXPECT_EQ(read_file(std::string(innocent) + "/kamailio.pid"), "4194303\n");
  }

  static void start_and_stop(const cluster::Resource& resource) {
    (void)agent().run(resource, {.action = "start"});
    EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
    EXPECT_THAT(processes_of(resource), IsEmpty());
  }
};

TEST_F(SymbolicLink, InPlaceOfTheDefaultDirectoryLeadsToNoDeletion) {
  const auto resource = make_resource("p_kam", 5060);
  ASSERT_EQ(run_program({"ln", "-s", innocent, "/run/kamailio_p_kam"}), 0);
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
}

TEST_F(SymbolicLink, InPlaceOfTheDefaultDirectoryIsNotWrittenThroughByAStart) {
  const auto resource = make_resource("p_kam", 5060);
  ASSERT_EQ(run_program({"ln", "-s", innocent, "/run/kamailio_p_kam"}), 0);
  start_and_stop(resource);
}

TEST_F(SymbolicLink, InPlaceOfThePidFileLosesTheLinkAlone) {
  const auto resource = make_resource("p_kam", 5060);
  ASSERT_EQ(run_program({"mkdir", "/run/kamailio_p_kam"}), 0);
  ASSERT_EQ(
      run_program({"ln", "-s", std::string(innocent) + "/kamailio.pid", pid_file_of(resource)}), 0);
  start_and_stop(resource);
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

// Whoever Kamailio runs as owns the directory and can put anything in it.
TEST_F(SymbolicLink, ThatTheServersUserPutInPlaceOfThePidFileLosesTheLinkAlone) {
  const auto resource = make_resource("p_kam", 5060).with("kamuser", "kamailio");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  ASSERT_EQ(
      run_program({"ln", "-sf", std::string(innocent) + "/kamailio.pid", pid_file_of(resource)}),
      0);
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_THAT(leftovers_of(resource), IsEmpty());
}

TEST_F(SymbolicLink, ThatAnOrdinaryUserPutOnTheWayLeadsToNoDeletion) {
  ASSERT_EQ(run_program({"ln", "-s", innocent, "/run/kamailio/pids"}), 0);
  ASSERT_EQ(run_program({"chown", "-h", "kamailio", "/run/kamailio/pids"}), 0);
  const auto resource =
      make_resource("p_kam", 5060).with("pidfile", "/run/kamailio/pids/kamailio.pid");
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
}

TEST_F(SymbolicLink, InADirectoryOfAnOrdinaryUserIsNotWrittenThroughByAStart) {
  ASSERT_EQ(run_program({"ln", "-s", innocent, "/run/kamailio/pids"}), 0);
  const auto resource =
      make_resource("p_kam", 5060).with("pidfile", "/run/kamailio/pids/kamailio.pid");
  start_and_stop(resource);
}

// The administrator's own link, like Debian's from /var/run to /run, is as good as a directory.
TEST(TrustedSymbolicLink, OnTheWayToThePidFileIsFollowed) {
  ASSERT_EQ(run_program({"mkdir", "/run/real"}), 0);
  ASSERT_EQ(run_program({"ln", "-s", "/run/real", "/run/link"}), 0);
  const auto resource = make_resource("p_kam", 5060).with("pidfile", "/run/link/kamailio.pid");
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  EXPECT_TRUE(exists("/run/real/kamailio.pid"));
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  EXPECT_FALSE(exists("/run/real/kamailio.pid"));
}

}  // namespace
}  // namespace live
