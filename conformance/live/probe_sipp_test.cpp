// The built-in probe against sipp, an independent SIP implementation.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"

#include <gtest/gtest.h>

#include <sys/wait.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

namespace live {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;

constexpr int sip_port = 5060;

// A step of a scenario in sipp's XML.
std::string send(const std::string& status_line) {
  return "<send><![CDATA[\n" + status_line +
         "\n[last_Via:]\n[last_From:]\n[last_To:];tag=sipp\n[last_Call-ID:]\n[last_CSeq:]\n"
         "Content-Length: 0\n\n]]></send>\n";
}
std::string send_bytes(const std::string& text) {
  return "<send><![CDATA[\n" + text + "\n\n]]></send>\n";
}
std::string pause_for(std::chrono::milliseconds time) {
  return "<pause milliseconds=\"" + std::to_string(time.count()) + "\"/>\n";
}

// The instance is a shell that looks like Kamailio's main process, and the server is sipp.
class ProbeSipp : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    resource_ = make_resource("p_kam", sip_port)
                    .with("proto", GetParam())
                    .with("probe", "builtin")
                    .with("probe_timeout", "2s");
    std::filesystem::create_directories("/run/kamailio_p_kam");
    main_ = start_look_alike(resource_, "touch /tmp/ready; while true; do sleep 1; done");
    write_file("/run/kamailio_p_kam/kamailio.pid", std::to_string(main_) + "\n");
  }
  void TearDown() override {
    for (const int pid : {main_, sipp_}) {
      if (pid > 0) {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
      }
    }
  }

  // The result of a monitor if sipp answers OPTIONS with these steps.
  [[nodiscard]] cluster::Result ask(const std::string& steps) {
    write_file("/tmp/scenario.xml",
               "<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<scenario name=\"options\">\n"
               "<recv request=\"OPTIONS\"/>\n" +
                   steps + "</scenario>\n");
    const bool is_udp = std::string(GetParam()) == "udp";
    sipp_ = start_program({"sipp", "-sf", "/tmp/scenario.xml", "-i", "127.0.0.1", "-p",
                           std::to_string(sip_port), "-t", is_udp ? "u1" : "t1", "-nostdin"});
    const std::string listener = is_udp ? "--udp" : "--tcp";
    EXPECT_TRUE(eventually([&] {
      std::string sockets;
      (void)run_program({"ss", "--listening", "--numeric", "--no-header", listener}, &sockets);
      return sockets.find("127.0.0.1:" + std::to_string(sip_port)) != std::string::npos;
    }));
    return agent().run(resource_, {.action = "monitor"});
  }

 private:
  cluster::Resource resource_;
  int main_ = 0;
  int sipp_ = 0;
};

TEST_P(ProbeSipp, IsAliveIfItAnswers200) { EXPECT_THAT(ask(send("SIP/2.0 200 OK")), succeeds()); }

TEST_P(ProbeSipp, IsNotAliveIfItAnswers503) {
  EXPECT_THAT(ask(send("SIP/2.0 503 Service Unavailable")),
              fails(1, HasSubstr("got \"SIP/2.0 503 Service Unavailable\"")));
}

TEST_P(ProbeSipp, IsAliveIfItAnswers100AndThen200) {
  EXPECT_THAT(ask(send("SIP/2.0 100 Trying") + pause_for(200ms) + send("SIP/2.0 200 OK")),
              succeeds());
}

TEST_P(ProbeSipp, IsNotAliveIfItAnswersOnly100) {
  EXPECT_THAT(
      ask(send("SIP/2.0 100 Trying") + pause_for(10s)),
      fails(1, AllOf(HasSubstr("no answer within 2.0 s"), HasSubstr("provisional response"))));
}

TEST_P(ProbeSipp, IsAliveIfItAnswersLate) {
  const auto result = ask(pause_for(800ms) + send("SIP/2.0 200 OK"));
  EXPECT_THAT(result, succeeds());
  // sipp measures pauses from its last clock tick, and so may be some milliseconds early.
  EXPECT_GE(result.took, 700ms);
}

TEST_P(ProbeSipp, IsNotAliveIfItAnswersTooLate) {
  EXPECT_THAT(ask(pause_for(3s) + send("SIP/2.0 200 OK")),
              fails(1, HasSubstr("no answer within 2.0 s")));
}

TEST_P(ProbeSipp, IsAliveIfItAnswersTwice) {
  EXPECT_THAT(ask(send("SIP/2.0 200 OK") + send("SIP/2.0 200 OK")), succeeds());
}

TEST_P(ProbeSipp, IsAliveIfItAnswersAfterGarbage) {
  EXPECT_THAT(ask(send_bytes("This is no SIP: at all") + pause_for(50ms) + send("SIP/2.0 200 OK")),
              succeeds());
}

TEST_P(ProbeSipp, IsNotAliveIfItSendsOnlyGarbage) {
  EXPECT_THAT(ask(send_bytes("This is no SIP: at all") + pause_for(10s)),
              fails(1, AnyOf(HasSubstr("message that is not a SIP response"),
                             HasSubstr("messages that are not SIP responses"))));
}

INSTANTIATE_TEST_SUITE_P(Over, ProbeSipp, ::testing::Values("udp", "tcp"),
                         [](const auto& tested) { return std::string(tested.param); });

}  // namespace
}  // namespace live
