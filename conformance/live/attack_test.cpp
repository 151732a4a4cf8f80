// Attacks by a local user, or by the user of the service.

#include "conformance/live/matchers.h"
#include "conformance/live/node.h"
#include "conformance/live/responder.h"
#include "conformance/live/stranger.h"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace live {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

bool has_control_characters(std::string_view text) {
  return std::ranges::any_of(text, [](char byte) {
    const auto code = static_cast<unsigned char>(byte);
    return (code < ' ' && byte != '\n') || code == 0x7F || (code >= 0x80 && code < 0xA0);
  });
}

// A user chooses the path of its program, and the agent logs it.
TEST(ANameWithALineEnd, MakesNoExitReasonOfItsOwn) {
  const auto resource = make_resource_of_kamailio("p_kam", 5060);
  (void)start_impostors(resource, 1);
  std::filesystem::rename("/tmp/impostor", "/tmp/x\nocf-exit-reason:forged\x1b[2J\x9b");
  for (const std::string action : {"monitor", "stop"}) {
    const auto result = agent().run(resource, {.action = action});
    EXPECT_THAT(result.err, AllOf(HasSubstr("forged"), Not(HasSubstr("\nocf-exit-reason:forged"))));
    EXPECT_FALSE(has_control_characters(result.err)) << result.err;
  }
}

TEST(AReasonPhraseWithEscapes, ReachesNoTerminal) {
  const auto resource = make_resource("p_kam", 5060).with("proto", "udp").with("probe", "builtin");
  const int main = start_look_alike(resource, "touch /tmp/ready; while true; do sleep 1; done");
  ASSERT_EQ(run_program({"mkdir", "/run/kamailio_p_kam"}), 0);
  write_file(pid_file_of(resource), std::to_string(main) + "\n");
  const Responder responder(5060, [](std::string_view request) {
    return std::vector<Act>{{.bytes = response_to(request,
                                                  "500 \x1b]0;owned\x07\x9b"
                                                  "31m\xff")}};
  });
  const auto result = agent().run(resource, {.action = "monitor"});
  EXPECT_THAT(result, fails(1, HasSubstr("500")));
  EXPECT_FALSE(has_control_characters(result.err)) << result.err;
  ::kill(main, SIGKILL);
}

// The PID file belongs to the user of the service, who can write any content.
TEST(WhatTheServiceWritesIntoItsPidFile, LeadsNoSignalAstray) {
  const auto neighbour = make_resource_of_kamailio("p_other", 5070);
  ASSERT_THAT(agent().run(neighbour, {.action = "start"}), succeeds());
  const auto neighbours = processes_of(neighbour);
  const int bystander = start_program({"sleep", "1000"});
  const auto resource = make_resource_of_kamailio("p_kam", 5060);
  for (const auto& text :
       {std::string(1'000'000, '1'), std::string("1"), std::to_string(main_process_of(neighbour)),
        std::to_string(bystander), std::to_string(::getpid()), std::string("-1"), std::string("0"),
        std::string("99999999999999999999")}) {
    ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
    const Stranger service("kamailio", [&] { write_file(pid_file_of(resource), text); });
    EXPECT_THAT(agent().run(resource, {.action = "monitor"}), fails(190, HasSubstr("PID file")))
        << text.substr(0, 30);
    EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds()) << text.substr(0, 30);
    EXPECT_THAT(processes_of(resource), IsEmpty());
  }
  EXPECT_EQ(processes_of(neighbour), neighbours);
  EXPECT_TRUE(std::ranges::all_of(neighbours, lives));
  EXPECT_TRUE(lives(bystander));
  ::kill(bystander, SIGKILL);
}

// fcntl(2): the owner of a lease can make the opener of the file wait for 45 s.
TEST(ALeaseOnThePidFile, HoldsNobodyUp) {
  const auto resource = make_resource_of_kamailio("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  const Stranger owner("kamailio", [&] {
    const int file = ::open(pid_file_of(resource).c_str(), O_RDWR | O_CLOEXEC);
    if (std::signal(SIGIO, SIG_IGN) == SIG_ERR || ::fcntl(file, F_SETLEASE, F_WRLCK) != 0) {
      throw std::runtime_error("no lease");
    }
  });
  const auto monitor = agent().run(resource, {.action = "monitor"});
  EXPECT_THAT(monitor, fails(190, HasSubstr("PID file")));
  EXPECT_LT(monitor.took, 10s);
  const auto stop = agent().run(resource, {.action = "stop"});
  EXPECT_THAT(stop, succeeds());
  EXPECT_LT(stop.took, 10s);
}

// ptrace(2), PTRACE_O_TRACEEXIT: a killed process waits for its tracer.
TEST(ATracerOfTheServicesUser, DoesNotKeepAStopFromEnding) {
  // ptrace(2): if this is not 0, only root can trace a process that is not its child.
  const auto scope = read_file("/proc/sys/kernel/yama/ptrace_scope");
  if (!scope.empty() && !scope.starts_with('0')) {
    GTEST_SKIP() << "kernel.yama.ptrace_scope=" << scope;
  }
  const auto resource = make_resource_of_kamailio("p_kam", 5060);
  ASSERT_THAT(agent().run(resource, {.action = "start"}), succeeds());
  const int worker = processes_of(resource).back();
  const Stranger tracer("kamailio", [&] {
    if (::ptrace(PTRACE_SEIZE, worker, nullptr, PTRACE_O_TRACEEXIT) != 0) {
      throw std::runtime_error("the worker cannot be traced");
    }
  });
  const auto stop = agent().run(resource, {.action = "stop", .timeout = 10s});
  EXPECT_THAT(stop, succeeds());
  EXPECT_THAT(stop.err,
              HasSubstr("is held by its tracer, process " + std::to_string(tracer.pid())));
  EXPECT_FALSE(lives(worker));
}

// The user nobody, who is root in that namespace and has a /run of its own for the PID file.
TEST(RootOfAUserNamespace, IsAnImpostor) {
  const auto resource = make_resource_of_kamailio("p_kam", 5060);
  write_file("/tmp/own.cfg",
             "#!KAMAILIO\nloadmodule \"sl.so\"\n"
             "request_route { sl_send_reply(\"200\", \"OK\"); }\n");
  const auto as_root_of_a_namespace = [](std::vector<std::string> command) {
    command.insert(command.begin(), {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                                     "unshare", "--user", "--map-root-user", "--mount"});
    return command;
  };
  // user_namespaces(7): a sysctl can forbid them, and so does a chroot.
  if (std::string why_not; run_program(as_root_of_a_namespace({"true"}), &why_not) != 0) {
    GTEST_SKIP() << "no user can make a user namespace here: " << why_not;
  }
  const int impostor = start_program(as_root_of_a_namespace(
      {"sh", "-c", R"(mount -t tmpfs tmpfs /run && mkdir /run/kamailio_p_kam && exec "$@")", "sh",
       "/usr/sbin/kamailio", "-P", pid_file_of(resource), "-f", "/tmp/own.cfg", "-l",
       "udp:127.0.0.1:5060", "-DD", "-E", "-Y", "/tmp"}));
  ASSERT_TRUE(eventually([&] { return processes_of(resource).size() > 3; }));
  EXPECT_THAT(agent().run(resource, {.action = "monitor"}), is_not_running());
  const auto impostors = processes_of(resource);
  EXPECT_THAT(agent().run(resource, {.action = "stop"}), succeeds());
  for (const int pid : impostors) {
    EXPECT_THAT(node::pending_signals(pid), ::testing::IsEmpty()) << pid;
  }
  // It may still fork.
  EXPECT_THAT(processes_of(resource), ::testing::IsSupersetOf(impostors));
  ::kill(impostor, SIGTERM);
}

}  // namespace
}  // namespace live
