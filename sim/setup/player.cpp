#include "sim/setup/player.h"

#include "sim/cluster/call.h"

#include <array>
#include <chrono>
#include <ctime>
#include <exception>
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace sim {
namespace {

// Runs the act, and reports its failure with the place in the scenario.
void at(const yaml::Place& place, const std::function<void()>& act) {
  try {
    act();
  } catch (const std::exception& error) {
    throw yaml::Misread{place, error.what()};
  }
}

}  // namespace

ScenarioPlayer::ScenarioPlayer(const Setup& setup, Instances instances, std::uint64_t seed)
    : instances_(std::move(instances)), node_(seed), programs_(node_.machine()) {
  apply(setup);
}

StepResult ScenarioPlayer::play(const Step& step) {
  StepResult result;
  at(step.place, [&] {
    result = std::visit([&](const auto& what) { return act(what, step.text); }, step.what);
  });
  return result;
}

void ScenarioPlayer::write(const std::string& who, const std::string& what) {
  auto& machine = node_.machine();
  machine.trace.write(machine.time.now(), who, what);
}

AgentResult ScenarioPlayer::run_with_events(const CallAgent& call) {
  // An exception must not pass through the agent.
  std::exception_ptr failure;
  std::vector<const Step*> ahead;
  std::vector<Scheduler::Plan> events;
  for (const auto& step : call.meanwhile) {
    ahead.push_back(&step);
    events.push_back(node_.machine().time.in(step.after, [&] {
      std::erase(ahead, &step);
      try {
        (void)play(step);
      } catch (const yaml::Misread&) {
        failure = std::current_exception();
      }
    }));
  }
  auto result = node_.run(call.action, instances_.at(call.instance), call.operation);
  for (const auto& event : events) {
    node_.machine().time.cancel(event);
  }
  if (failure) {
    std::rethrow_exception(failure);
  }
  if (!ahead.empty()) {
    throw yaml::Misread{ahead.front()->place, ended_before(*ahead.front())};
  }
  return result;
}

StepResult ScenarioPlayer::act(const CallAgent& call, const std::string& text) {
  write("cluster", text);
  auto result = run_with_events(call);
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(result.took);
  const std::string how = result.timed_out ? "timed out, killed by the cluster"
                          : result.killed  ? "killed"
                                           : cluster::exit_code_name(result.code);
  write("cluster", call.action + " " + call.instance + ": " + how + ", exit code " +
                       std::to_string(result.code) + " after " + std::to_string(took.count()) +
                       " ms");
  return result;
}

StepResult ScenarioPlayer::act(const Pass& pass, const std::string& /*text*/) {
  node_.pass(pass.duration);
  return {};
}

// To every Kamailio that runs.
int ScenarioPlayer::send_to_servers(const SendSignal& send) {
  auto& processes = node_.machine().processes;
  std::map<int, int> parents;
  for (const auto& [pid, process] : processes.all()) {
    if (!process.ended && !process.is_stranger && process.executable == "/usr/sbin/kamailio") {
      parents[pid] = process.parent;
    }
  }
  const auto pids = receivers(send.whom, parents);
  for (const int pid : pids) {
    processes.send(*processes.find(pid), send.signal);
  }
  return static_cast<int>(pids.size());
}

StepResult ScenarioPlayer::act(const SendSignal& send, const std::string& text) {
  write("somebody", text);
  const int reached = send.instance.empty()
                          ? send_to_servers(send)
                          : node_.send(send.signal, send.whom, instances_.at(send.instance));
  if (reached == 0) {
    write("somebody", "no process received it");
  }
  return {};
}

StepResult ScenarioPlayer::act(const RunProgram& run, const std::string& text) {
  write("somebody", text);
  const auto end = programs_.run(run);
  for (const auto& printed : {programs_.out(), programs_.err()}) {
    std::istringstream lines(printed);
    for (std::string line; std::getline(lines, line);) {
      write("somebody", run.arguments.front() + " prints: " + line);
    }
  }
  const auto& status = end.status;
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(end.took);
  write("somebody",
        run.arguments.front() + ": " +
            (!status                              ? "did not end by itself"
             : status->by == WaitStatus::By::exit ? "exit code " + std::to_string(status->value)
                                                  : "killed by " + signal_name(status->value)) +
            " after " + std::to_string(took.count()) + " ms");
  return end;
}

StepResult ScenarioPlayer::act(const AskOptions& question, const std::string& text) {
  const auto begin = node_.machine().time.now();
  write("somebody", text);
  auto line = programs_.ask(question);
  write("somebody", "answer: " + line);
  return SipLine{.line = std::move(line), .took = node_.machine().time.now() - begin};
}

StepResult ScenarioPlayer::act(const Suspend& suspend, const std::string& text) {
  node_.machine().wall_offset += suspend.duration;
  write("machine", text + ": the wall clock is " + wall_clock());
  return {};
}

StepResult ScenarioPlayer::act(const SetClock& set, const std::string& text) {
  node_.machine().wall_offset += set.by;
  write("somebody", text + ": the wall clock is " + wall_clock());
  return {};
}

StepResult ScenarioPlayer::act(const Update& update, const std::string& text) {
  write("somebody", text);
  for (const auto& [name, parameters] : update.parameters) {
    for (const auto& [parameter, value] : parameters) {
      instances_.at(name).parameters[parameter] = value;
    }
  }
  return {};
}

StepResult ScenarioPlayer::act(const Change& change, const std::string& text) {
  write("somebody", "changes " + text);
  apply(change.setup);
  return {};
}

void ScenarioPlayer::apply(const Setup& setup) {
  for (const auto& change : setup.programs) {
    node_.change_profiles(change);
  }
  for (const auto& [name, change] : setup.servers) {
    change_server(node_.profile_of(instances_.at(name)), change);
  }
  auto& machine = node_.machine();
  if (setup.weather) {
    machine.sockets.set_weather(*setup.weather);
  }
  for (const auto& file : setup.files) {
    at(file.place, [&] { put(file); });
  }
  for (const auto& [place, path] : setup.without) {
    if (!machine.files.exists(path)) {
      throw yaml::Misread{place, "cannot remove " + path + ": no such file"};
    }
    machine.files.vanish(path);
  }
  for (const auto& storage : setup.storages) {
    at(storage.place, [&] { machine.files.set_storage(storage.path, storage.storage); });
  }
  if (setup.faults) {
    set_faults(*setup.faults);
  }
  if (setup.process_table) {
    machine.process_table_error = setup.process_table->error;
    machine.process_table_failures = setup.process_table->times;
  }
  for (const auto& stranger : setup.strangers) {
    add(stranger);
  }
  for (const auto& responder : setup.responders) {
    at(responder.place, [&] { programs_.respond(responder); });
  }
  for (const auto& [name, duration] : setup.exits_for) {
    for (const int pid : node_.processes_of(instances_.at(name))) {
      machine.processes.find(pid)->exiting_for = duration;
    }
  }
}

void ScenarioPlayer::add(const Stranger& stranger) {
  auto& machine = node_.machine();
  const auto user = machine.users.find_user(stranger.user);
  if (!user) {
    throw std::runtime_error("unknown user " + stranger.user +
                             ": expected root, kamailio or nobody");
  }
  const auto& called = stranger.program.empty() ? stranger.arguments.front() : stranger.program;
  auto& process =
      machine.processes.add({.parent = Processes::init,
                             .pid_namespace = stranger.place == Stranger::Place::container ? 1 : 0,
                             .is_below = stranger.place == Stranger::Place::pid_namespace,
                             .executable = stranger.program,
                             .arguments = stranger.arguments,
                             .name = called.substr(called.rfind('/') + 1),
                             .identity = {.user = user->id, .group = user->primary_group},
                             .is_stranger = stranger.of.empty(),
                             .is_uninterruptible = stranger.hangs_in_kernel,
                             .exiting_for = stranger.exits_for});
  if (stranger.ends_after != never) {
    machine.time.in(stranger.ends_after, [&machine, id = process.id] {
      if (auto* const found = machine.processes.find(id)) {
        machine.processes.end(*found, {});
      }
      machine.sockets.remove_rival(id.pid);
    });
  }
  if (stranger.udp_port) {
    machine.sockets.add_rival(*stranger.udp_port, {.pid = process.id.pid, .user = user->id});
  }
}

void ScenarioPlayer::set_faults(const std::vector<PlacedFault>& faults) {
  auto& files = node_.machine().files;
  for (const auto& path : std::exchange(faulty_, {})) {
    files.remove_faults(path);
  }
  for (const auto& fault : faults) {
    at(fault.place, [&] { files.add_fault(fault.path, fault.fault); });
    faulty_.insert(fault.path);
  }
}

std::string ScenarioPlayer::wall_clock() {
  const std::time_t now = node_.machine().wall_time();
  std::tm parts = {};
  (void)::gmtime_r(&now, &parts);
  std::array<char, 32> text = {};
  (void)std::strftime(text.data(), text.size(), "%F %T", &parts);
  return text.data();
}

void ScenarioPlayer::put(const PlacedFile& file) {
  auto& machine = node_.machine();
  const auto user = machine.users.find_user(file.user);
  const auto group = machine.users.find_group(file.group);
  if (!user || !group) {
    throw std::runtime_error(
        file.path + ": unknown owner " + file.user + ":" + file.group +
        ": expected users root, kamailio or nobody, groups root, kamailio, nogroup or "
        "daemon");
  }
  const host::Owner owner = {.user = user->id, .group = *group};
  using Kind = PlacedFile::Kind;
  switch (file.kind) {
    case Kind::text:
      machine.put_file(file.path, text_of(file), file.mode, owner);
      break;
    case Kind::copy:
      machine.put_copy(file.path, file.source, file.mode, owner);
      break;
    case Kind::link:
      machine.put_link(file.path, file.source, owner);
      break;
    case Kind::directory:
      machine.put_directory(file.path, file.mode, owner);
      break;
    case Kind::fifo:
      machine.put_fifo(file.path, file.mode, owner);
      if (file.is_held_open) {
        programs_.hold_open(file.path);
      }
      break;
  }
}

std::string ScenarioPlayer::text_of(const PlacedFile& file) {
  if (file.foreign_pid != PlacedFile::ForeignPid::no) {
    return std::to_string(programs_.foreign_pid(file.foreign_pid)) + "\n";
  }
  if (file.pid_of.empty()) {
    return file.text;
  }
  const auto pids = node_.processes_of(instances_.at(file.pid_of));
  if (pids.empty()) {
    throw std::runtime_error(file.path + ": pid_of " + file.pid_of +
                             ": no process of this instance lives");
  }
  return std::to_string(pids.front());
}

PlayedScenario play(const Scenario& scenario, std::uint64_t seed) {
  PlayedScenario played;
  try {
    ScenarioPlayer player(scenario.setup, scenario.instances, seed);
    auto& machine = player.node().machine();
    played.begin = machine.time.now();
    try {
      for (const auto& step : scenario.steps) {
        const auto at = machine.time.now();
        const auto result = player.play(step);
        const auto* const call = std::get_if<AgentResult>(&result);
        played.steps.push_back({.text = step.text,
                                .at = at,
                                .result = call == nullptr ? std::nullopt : std::optional(*call)});
      }
    } catch (const yaml::Misread& misread) {
      played.stopped = misread;
    }
    played.trace = machine.trace.lines();
  } catch (const yaml::Misread& misread) {
    played.stopped = misread;
  }
  return played;
}

}  // namespace sim
