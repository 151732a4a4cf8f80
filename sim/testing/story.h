#pragma once

#include "agent/ocf/outcome.h"
#include "sim/setup/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <ostream>
#include <string>

namespace sim {

inline void PrintTo(const AgentResult& result, std::ostream* stream) {  // NOLINT: GoogleTest's name
  *stream << "exit code " << result.code << (result.timed_out ? ", timed out" : "")
          << (result.killed ? ", killed" : "") << ", after "
          << std::chrono::duration_cast<std::chrono::milliseconds>(result.took).count()
          << " ms: " << result.reason;
  for (const auto& line : result.log) {
    *stream << "\n  " << line.text;
  }
}

}  // namespace sim

namespace sim::stories {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

using ResultMatcher = ::testing::Matcher<const AgentResult&>;

inline ResultMatcher succeeds() {
  return AllOf(::testing::Field("code", &AgentResult::code, 0),
               ::testing::Field("timed_out", &AgentResult::timed_out, false));
}

// Matches a result before the timeout, with this code and this text in the reason.
inline ResultMatcher fails(ocf::ExitCode code, const std::string& reason) {
  return AllOf(::testing::Field("code", &AgentResult::code, static_cast<int>(code)),
               ::testing::Field("timed_out", &AgentResult::timed_out, false),
               ::testing::Field("reason", &AgentResult::reason, HasSubstr(reason)));
}

inline ResultMatcher is_not_running() { return fails(ocf::ExitCode::not_running, "not running"); }

inline ResultMatcher takes_at_most(host::Duration duration) {
  return ::testing::Field("took", &AgentResult::took, ::testing::Le(duration));
}

inline ResultMatcher takes_at_least(host::Duration duration) {
  return ::testing::Field("took", &AgentResult::took, ::testing::Ge(duration));
}

// One node with one instance, healthy until the test changes that.
class StoryTest : public ::testing::Test {
 protected:
  AgentResult start(milliseconds timeout = seconds(60)) {
    return node.run("start", one, {.timeout = timeout});
  }
  AgentResult stop(milliseconds timeout = seconds(60)) {
    return node.run("stop", one, {.timeout = timeout});
  }
  AgentResult monitor(milliseconds timeout = seconds(30)) {
    return node.run("monitor", one, {.timeout = timeout});
  }
  AgentResult probe() {
    return node.run("monitor", one, {.environment = {{"OCF_RESKEY_CRM_meta_interval", "0"}}});
  }

  // Enables all of the agent's built-in probes.
  void ask_with_builtin() {
    one = one.with("probe", "builtin").with("rpc", "unixd:/run/kamailio/kamailio_rpc.sock");
  }

  // Expects that nothing of the instance is left: no process, no PID file, and its port is free.
  void expect_nothing_left() {
    EXPECT_THAT(node.processes_of(one), IsEmpty());
    EXPECT_FALSE(node.has_file(cluster::pid_file_of(one)));
    EXPECT_THAT(node.machine().sockets.awaiting_requests(), IsEmpty());
  }

  KamailioProfile& server() { return node.profile_of(one); }

  Node node;  // NOLINT: GoogleTest's way
  // NOLINTNEXTLINE: GoogleTest's way
  cluster::Resource one = {
      .name = "one", .parameters = {{"listen_address", "192.168.159.128"}, {"proto", "udptcp"}}};
};

}  // namespace sim::stories
