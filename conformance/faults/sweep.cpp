#include "conformance/faults/sweep.h"

#include "conformance/live/node.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace faults {
namespace {

using namespace std::chrono_literals;

const std::string directory = "/run/faults";
const std::string log_prefix = directory + "/trace";
const std::string injection_log = directory + "/injection";
const std::string wrapper = directory + "/agent";

// The cluster calls a file, so the tracer becomes one.
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

// Until it executes a program, a process that the agent forked is the agent.
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
  // On a machine under load an action may need longer than it does elsewhere, but not for ever.
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
  // What guards a tool may need a moment to end it.
  if (!live::eventually([&] { return live::leftovers_of(resource).empty(); })) {
    seen.left_in_the_end = live::leftovers_of(resource);
    clean_up(resource);
  }
  seen.hurt = bystanders_.hurt();
  return {.broken = broken_rules(swept, error, seen), .seen = std::move(seen)};
}

// Always with the builtin probe: what is started is the same, and it takes less time.
void Sweep::prepare(const Case& swept) const {
  if (!swept.is_running) {
    return;
  }
  const auto started = agent_.run(cases_.front().resource, {.action = "start"});
  if (started.code != 0) {
    throw std::runtime_error("cannot start the instance: " + started.reason);
  }
}

// So that the next run starts from nothing.
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
