// The same story in the simulated machine and on this one: the agent's core in virtual time, and
// its executable with the fake programs. Both have to end in the same exit codes and reasons.

#include "conformance/live/node.h"
#include "sim/worlds/profile_reader.h"
#include "sim/worlds/world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <map>
#include <optional>
#include <ostream>
#include <regex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace live {
namespace {

using namespace std::chrono_literals;
using Milliseconds = std::chrono::milliseconds;

// An action of the agent or, with a signal, what befalls the server.
struct Step {
  std::string action;
  Milliseconds timeout = 8s;
  std::optional<int> check_level = {};
  int signal = 0;
  enum class Whom { main, all } whom = Whom::all;
};

Step signal(int number, Step::Whom whom) { return {.action = "", .signal = number, .whom = whom}; }

struct Story {
  std::string name;
  std::string profile;  // of the programs, as a file of fake programs has it
  std::vector<Step> steps;
  std::map<std::string, std::string> parameters = {};

  friend std::ostream& operator<<(std::ostream& stream, const Story& story) {
    return stream << story.name;
  }
};

// What the cluster sees of a run: the code, and the reason without what is never the same.
struct Seen {
  int code = 0;
  std::string reason;
  friend bool operator==(const Seen&, const Seen&) = default;
  friend std::ostream& operator<<(std::ostream& stream, const Seen& seen) {
    return stream << seen.code << " " << seen.reason;
  }
};

// Pids and times differ; status codes of SIP, exit codes and percentages must not.
std::string without_pids_and_times(const std::string& text) {
  static const std::regex varying(R"((process(es)? |, | and |, by )[0-9]+|[0-9.]+ (s|ms)\b)");
  return std::regex_replace(text, varying, "#");
}

const std::string programs = "/run/programs";  // NOLINT(cert-err58-cpp)

cluster::Resource resource_of(const Story& story) {
  cluster::Resource resource{.name = "p_kam",
                             .parameters = {{"listen_address", "127.0.0.1"},
                                            {"binary", programs + "/kamailio"},
                                            {"sipsak", programs + "/sipsak"},
                                            {"kamctl", programs + "/kamctl"},
                                            {"kamctlrc", ""}}};
  for (const auto& [name, value] : story.parameters) {
    resource.parameters[name] = value;
  }
  return resource;
}

std::vector<Seen> play_in_the_world(const Story& story) {
  const auto profile = sim::read_profile_file(story.name, story.profile);
  EXPECT_TRUE(profile) << profile.error().message();
  sim::World world(1, profile.value_or(sim::Profile()));
  world.install_programs_in(programs);
  const auto resource = resource_of(story);
  std::vector<Seen> seen;
  for (const auto& step : story.steps) {
    if (step.signal != 0) {
      world.send(step.signal, step.whom == Step::Whom::main ? sim::Whom::main : sim::Whom::all,
                 resource);
      world.pass(100ms);
      continue;
    }
    const auto result = world.run(step.action, resource,
                                  {.timeout = step.timeout, .check_level = step.check_level});
    seen.push_back({.code = result.code, .reason = without_pids_and_times(result.reason)});
  }
  return seen;
}

std::vector<Seen> play_on_this_machine(const Story& story) {
  std::filesystem::create_directory(programs);
  const std::vector<std::pair<std::string, std::string>> fakes = {
      {"kamailio", FAKE_KAMAILIO}, {"sipsak", FAKE_SIPSAK}, {"kamctl", FAKE_KAMCTL}};
  for (const auto& [name, fake] : fakes) {
    std::filesystem::copy_file(fake, programs + "/" + name);
    write_file(programs + "/" + name + ".profile.yaml", story.profile);
  }
  write_file("/etc/kamailio/kamailio.cfg", sim::kamailio_config());
  write_file("/etc/kamailio/kamctlrc", "");
  const auto resource = resource_of(story);
  std::vector<Seen> seen;
  for (const auto& step : story.steps) {
    if (step.signal != 0) {
      if (step.whom == Step::Whom::main) {
        ::kill(main_process_of(resource), step.signal);
      } else {
        signal_all(resource, step.signal);
      }
      std::this_thread::sleep_for(100ms);
      continue;
    }
    const auto result = agent().run(
        resource,
        {.action = step.action, .timeout = step.timeout, .check_level = step.check_level});
    seen.push_back({.code = result.code, .reason = without_pids_and_times(result.reason)});
  }
  return seen;
}

class ProbeBothStages : public testing::TestWithParam<Story> {};

TEST_P(ProbeBothStages, EndInTheSameCodesAndReasons) {
  const auto in_the_world = play_in_the_world(GetParam());
  EXPECT_EQ(play_on_this_machine(GetParam()), in_the_world);
}

const std::map<std::string, std::string> builtin = {  // NOLINT(cert-err58-cpp)
    {"probe", "builtin"},
    {"rpc", "unixd:/run/kamailio/kamailio_rpc.sock"}};
const std::map<std::string, std::string> own_probe = {  // NOLINT(cert-err58-cpp)
    {"probe", "builtin"}};
const std::map<std::string, std::string> with_kamctl = {  // NOLINT(cert-err58-cpp)
    {"kamctlrc", "/etc/kamailio/kamctlrc"}};

const std::vector<Story> stories = {
    // NOLINT(cert-err58-cpp)
    {"healthy_with_sipsak",
     "{}",
     {{"monitor"}, {"start"}, {"start"}, {"monitor"}, {"stop"}, {"stop"}, {"monitor"}}},
    {"healthy_with_kamctl", "{}", {{"start"}, {"monitor"}, {"stop"}}, with_kamctl},
    {"healthy_with_builtin",
     "{}",
     {{"start"}, {"monitor"}, {.action = "monitor", .check_level = 20}, {"stop"}},
     builtin},
    {"ignores_sigterm",
     "kamailio: {on_sigterm: ignore}",
     {{"start"}, {.action = "stop", .timeout = 4s}, {"monitor"}},
     own_probe},
    {"deadlocks_at_its_end",
     "kamailio: {on_sigterm: deadlock}",
     {{"start"}, {.action = "stop", .timeout = 4s}, {"monitor"}},
     own_probe},
    {"ends_slowly", "kamailio: {end_takes: 500ms}", {{"start"}, {"stop"}}, own_probe},
    {"leaves_its_pid_file", "kamailio: {leaves_pid_file: yes}", {{"start"}, {"stop"}}, own_probe},
    {"is_refused", "kamailio: {start_error: 'ERROR: no memory'}", {{"start"}}, own_probe},
    {"crashes_before_it_is_a_daemon",
     "kamailio: {crash: before_daemon}",
     {{"start"}, {"monitor"}},
     own_probe},
    {"crashes_as_a_daemon",
     "kamailio: {crash: as_daemon, crash_after: 20ms}",
     {{"start"}, {"monitor"}},
     own_probe},
    {"starts_slowly", "kamailio: {start_takes: 1s}", {{"start"}, {"monitor"}}, own_probe},
    {"starts_too_slowly",
     "kamailio: {start_takes: 60s}",
     {{.action = "start", .timeout = 2s}, {"monitor"}},
     own_probe},
    {"never_gets_ready",
     "kamailio: {ready_after: never}",
     {{.action = "start", .timeout = 4s}, {"stop"}},
     own_probe},
    {"is_deaf_on_tcp",
     "kamailio: {deaf: [tcp]}",
     {{.action = "start", .timeout = 4s}, {.action = "monitor", .timeout = 2s}},
     own_probe},
    {"answers_503",
     "kamailio: {options: {replies: [{code: 503}]}}",
     {{.action = "start", .timeout = 3s}, {"monitor"}},
     own_probe},
    {"answers_503_to_sipsak",
     "kamailio: {options: {replies: [{code: 503}]}}",
     {{.action = "start", .timeout = 3s}, {"monitor"}}},
    {"answers_provisionally_first",
     "kamailio: {options: {replies: [{code: 100}, {after: 300ms}]}}",
     {{"start"}, {"monitor"}},
     own_probe},
    {"has_little_memory",
     "kamailio: {free_memory: 3}",
     {{"start"}, {.action = "monitor", .check_level = 20}},
     builtin},
    {"freezes",
     "{}",
     {{"start"}, signal(SIGSTOP, Step::Whom::all), {.action = "monitor", .timeout = 2s}, {"stop"}},
     builtin},
    {"freezes_for_sipsak",
     "{}",
     {{"start"}, signal(SIGSTOP, Step::Whom::all), {.action = "monitor", .timeout = 2s}}},
    {"loses_its_main_process",
     "{}",
     {{"start"}, signal(SIGKILL, Step::Whom::main), {"monitor"}, {"start"}, {"monitor"}},
     own_probe},
    {"is_killed", "{}", {{"start"}, signal(SIGKILL, Step::Whom::all), {"monitor"}}, own_probe},
    {"has_a_sipsak_that_crashes",
     "sipsak: {ill: crashes}",
     {{.action = "start", .timeout = 3s}, {"monitor"}}},
    {"has_a_sipsak_that_hangs",
     "sipsak: {ill: hangs}",
     {{.action = "start", .timeout = 3s}, {.action = "monitor", .timeout = 2s}}},
    {"has_a_kamctl_that_hangs",
     "kamctl: {ill: hangs}",
     {{.action = "start", .timeout = 3s}, {.action = "monitor", .timeout = 2s}},
     with_kamctl},
    {"has_a_kamctl_that_talks_nonsense",
     "kamctl: {ill: garbage}",
     {{.action = "start", .timeout = 3s}, {.action = "monitor", .timeout = 2s}},
     with_kamctl},
};

INSTANTIATE_TEST_SUITE_P(Story, ProbeBothStages, testing::ValuesIn(stories),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace live
