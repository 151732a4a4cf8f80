#include "conformance/faults/sweep.h"

#include "conformance/live/node.h"

#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace faults {
namespace {

using namespace std::chrono_literals;

const std::string rpc_socket = "/run/kamailio/kamailio_rpc.sock";

constexpr auto timeout = 20s;

}  // namespace

std::vector<Case> make_cases() {
  live::write_file("/etc/kamailio/kamctlrc", "");
  // Each process adds some calls to a stop, which are equal for all of them.
  const auto own =
      live::make_resource(
          "swept", 5060,
          {.has_fifo = true, .dgram_socket = rpc_socket, .extra = "children=1\ntcp_children=1\n"})
          .with("probe", "builtin")
          .with("rpc", "unixd:" + rpc_socket);
  const auto tools =
      own.without("probe").without("rpc").without("kamctlrc").with("kamctl", "/usr/sbin/kamctl");
  // Most actions need little of the time-out; a start that cannot succeed uses all of it.
  return {
      {.name = "start", .resource = own, .operation = {.action = "start", .timeout = timeout}},
      {.name = "monitor",
       .resource = own,
       .operation = {.action = "monitor", .timeout = timeout},
       .is_running = true},
      {.name = "monitor-tools",
       .resource = tools,
       .operation = {.action = "monitor", .timeout = timeout},
       .is_running = true},
      {.name = "monitor-watch",
       .resource = own.with("watch", "300ms").with("watch_interval", "100ms"),
       .operation = {.action = "monitor", .timeout = timeout, .interval = 200ms},
       .is_running = true,
       .follows_another = true},
      {.name = "probe",
       .resource = own,
       .operation = {.action = "monitor", .timeout = timeout},
       .code = 7},
      {.name = "stop",
       .resource = own,
       .operation = {.action = "stop", .timeout = timeout},
       .is_running = true},
      {.name = "stop-again", .resource = own, .operation = {.action = "stop", .timeout = timeout}},
      {.name = "validate-all",
       .resource = own,
       .operation = {.action = "validate-all", .timeout = timeout, .check_level = 10}},
  };
}

namespace {

// Bystanders are identified by a unique argument.
std::vector<int> processes_with(const std::string& argument) {
  auto pids = node::all_pids();
  std::erase_if(pids, [&](int pid) {
    const auto arguments = live::arguments_of(pid);
    return std::ranges::find(arguments, argument) == arguments.end() || !live::lives(pid);
  });
  return pids;
}

// setpriv may not have called exec yet, and a Kamailio may still be forking.
std::vector<int> settled_processes_with(const std::string& argument) {
  std::vector<int> pids;
  std::vector<int> before = {-1};
  const bool settled = live::eventually([&] {
    before = std::exchange(pids, processes_with(argument));
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    return !pids.empty() && pids == before;
  });
  if (!settled) {
    throw std::runtime_error("bystander " + argument + " does not start");
  }
  return pids;
}

void wait_until_gone(const std::string& argument) {
  if (!live::eventually([&] { return processes_with(argument).empty(); })) {
    throw std::runtime_error("bystander " + argument + " does not end");
  }
}

bool is_untouched(int pid) { return live::lives(pid) && !node::is_stopped(pid); }

}  // namespace

Bystanders::Bystanders(const std::string& pid_file) {
  const std::string directory = "/run/bystander";
  std::filesystem::create_directories(directory);
  live::write_file("/etc/kamailio/bystander.cfg",
                   live::config_text({.extra = "children=1\ndisable_tcp=yes\n"}));
  // A program that is only named kamailio.
  std::filesystem::copy_file("/bin/sleep", directory + "/kamailio");
  all_ = {
      {.what = "another Kamailio",
       .command = {"/usr/sbin/kamailio", "-f", "/etc/kamailio/bystander.cfg", "-l",
                   "udp:127.0.0.1:5070", "-P", directory + "/kamailio.pid"},
       .is_daemon = true},
      {.what = "a process of nobody named kamailio",
       .command = {"setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups",
                   directory + "/kamailio", "987654321"}},
      {.what = "an administrator's tail with the PID file's path in its argv",
       .command = {"tail", "-qf", "/dev/null", "--", "-P", pid_file, "bystander"}},
  };
  for (auto& bystander : all_) {
    start(bystander);
  }
}

void Bystanders::start(Bystander& bystander) {
  if (bystander.is_daemon) {
    live::run_program(bystander.command);
  } else {
    live::start_program(bystander.command);
  }
  bystander.pids = settled_processes_with(bystander.command.back());
}

std::vector<std::string> Bystanders::hurt() {
  std::vector<std::string> names;
  for (auto& bystander : all_) {
    if (std::ranges::all_of(bystander.pids, is_untouched)) {
      continue;
    }
    names.push_back(bystander.what);
    const auto& argument = bystander.command.back();
    for (const int pid : processes_with(argument)) {
      ::kill(pid, SIGKILL);
    }
    wait_until_gone(argument);
    start(bystander);
  }
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
  return names;
}

namespace {

const std::string directory = "/run/faults";
const std::string log_prefix = directory + "/trace";
const std::string injection_log = directory + "/injection";
const std::string wrapper = directory + "/agent";

// The cluster runs a file, so the tracer needs one.
void write_wrapper(const std::vector<std::string>& command) {
  std::ostringstream script;
  script << "#!/bin/sh\nexec";
  for (const auto& word : command) {
    script << " '" << word << "'";
  }
  script << " \"$@\"\n";
  live::write_file(wrapper, script.str());
  std::filesystem::permissions(wrapper, std::filesystem::perms::owner_all);
}

// A forked process is part of the agent until it calls exec.
std::vector<std::string> counting_tracer() {
  return {"strace", "-q", "-ff", "--detach-on=execve", "-s80", "-a1", "-o", log_prefix};
}

std::vector<std::string> injecting_tracer(const Fault& fault) {
  const auto when = ":when=" + std::to_string(fault.occurrence);
  return {"strace",
          "-q",
          "-s80",
          "-a1",
          "-o",
          injection_log,
          "--trace=" + fault.call,
          "--inject=" + fault.call + ":error=" + fault.error + when};
}

}  // namespace

Sweep::Sweep(std::string agent, std::string program)
    : agent_(std::move(agent)),
      program_(std::move(program)),
      cases_(make_cases()),
      bystanders_(pid_file_of(cases_.front().resource)) {}

const Case* Sweep::case_named(const std::string& name) const {
  const auto found = std::ranges::find(cases_, name, &Case::name);
  return found != cases_.end() ? &*found : nullptr;
}

std::pair<Run, Trace> Sweep::count(const Case& swept) {
  std::filesystem::remove_all(directory);
  auto counted = run(swept, counting_tracer(), "");
  return {std::move(counted), trace_of(read_logs(log_prefix))};
}

Run Sweep::play(const Case& swept, const Fault& fault) {
  auto played = play_once(swept, fault);
  // On a busy machine an action may take longer, but it must end.
  if (std::ranges::find(played.broken, Rule::time) != played.broken.end()) {
    auto with_more_time = swept;
    with_more_time.operation.timeout *= 2;
    played = play_once(with_more_time, fault);
  }
  return played;
}

Run Sweep::play_once(const Case& swept, const Fault& fault) {
  auto tracer = injecting_tracer(fault);
  if (fault.process != "agent") {
    tracer.insert(tracer.begin(), {program_, "--hold", fault.process});
    tracer.insert(tracer.end(), {"--detach-on=execve", "--"});
  }
  std::filesystem::remove_all(directory);
  auto played = run(swept, tracer, fault.error);
  played.call = injected_call(live::read_file(injection_log));
  return played;
}

Run Sweep::run(const Case& swept, std::vector<std::string> tracer, const std::string& error) {
  const auto& resource = swept.resource;
  prepare(swept);
  std::filesystem::create_directories(directory);
  tracer.push_back(agent_.agent());
  write_wrapper(tracer);
  Observation seen = {.result = agent_.with_agent(wrapper).run(resource, swept.operation),
                      .instance_lives = !live::processes_of(resource).empty()};
  if (swept.operation.action == "stop") {
    seen.left_by_stop = live::leftovers_of(resource);
  }
  seen.next_stop = agent_.run(resource, {.action = "stop", .timeout = 10s});
  // The guard of a tool may need a moment to end it.
  if (!live::eventually([&] { return live::leftovers_of(resource).empty(); })) {
    seen.left_in_the_end = live::leftovers_of(resource);
    clean_up(resource);
  }
  seen.hurt = bystanders_.hurt();
  auto broken = broken_rules(swept, error, seen);
  return {.broken = std::move(broken), .seen = std::move(seen)};
}

// Always uses the built-in probe: it starts the same server in less time.
void Sweep::prepare(const Case& swept) const {
  if (!swept.is_running) {
    return;
  }
  const auto started = agent_.run(cases_.front().resource, {.action = "start"});
  if (started.code != 0) {
    throw std::runtime_error("cannot start the instance: " + started.reason);
  }
  if (swept.follows_another) {
    (void)agent_.run(swept.resource, swept.operation);
    std::this_thread::sleep_for(swept.operation.interval);
  }
}

// Ensures that the next run begins with a clean node.
void Sweep::clean_up(const cluster::Resource& resource) const {
  live::signal_all(resource, SIGKILL);
  for (const int pid : node::all_pids()) {
    const auto name = node::name_of(pid);
    if (name == "sipsak" || name == "kamctl") {
      ::kill(pid, SIGKILL);
    }
  }
  for (const auto& entry : live::entries_of("/tmp")) {
    if (entry.starts_with("kamailio_receiver_")) {
      std::filesystem::remove("/tmp/" + entry);
    }
  }
  std::filesystem::remove_all(std::filesystem::path(pid_file_of(resource)).parent_path());
  if (!live::eventually([&] { return live::leftovers_of(resource).empty(); })) {
    throw std::runtime_error("cannot remove " + live::leftovers_of(resource));
  }
}

}  // namespace faults
