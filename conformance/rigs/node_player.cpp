#include "conformance/rigs/node_player.h"

#include "agent/posix/network.h"
#include "conformance/node/kamailio.h"
#include "conformance/node/processes.h"
#include "conformance/rigs/node_end.h"
#include "conformance/rigs/node_files.h"
#include "conformance/scenario/end_judge.h"
#include "conformance/scenario/facts_writer.h"
#include "conformance/scenario/fit.h"
#include "conformance/scenario/wording.h"
#include "sim/cluster/call.h"
#include "sim/setup/node.h"
#include "sim/setup/sip_endpoint.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

namespace conformance {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 3> fake_programs = {"/usr/sbin/kamailio", "/usr/sbin/kamctl",
                                                      "/usr/bin/sipsak"};
constexpr const char* signal_records = "/usr/sbin/kamailio.signals";

// Waits for the effect of the signal, which never takes long.
void settle(int signal, const std::vector<int>& pids) {
  constexpr int patience = 1000;
  const auto is_settled = [signal](int pid) {
    return signal == SIGKILL ? !node::lives(pid) : signal != SIGSTOP || node::is_stopped(pid);
  };
  for (int i = 0; i < patience && !std::ranges::all_of(pids, is_settled); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// Reports a part of a scenario that needs the simulated machine.
[[noreturn]] void cannot(const std::string& what) {
  throw std::runtime_error(what + " is possible in the simulated machine only");
}

std::vector<std::string> storage_paths(const Scenario& scenario) {
  std::vector<std::string> paths;
  const auto add = [&paths](const sim::Setup& setup) {
    for (const auto& storage : setup.storages) {
      paths.push_back(storage.path);
    }
  };
  for (const auto* const setup : setups_of(scenario)) {
    add(*setup);
  }
  return paths;
}

}  // namespace

// Steps that are taken by a thread of their own, each at its time.
class NodePlayer::Events {
 public:
  Events(const std::vector<sim::Step>& steps, double rate,
         std::function<void(const sim::Step&)> act)
      : act_(std::move(act)), thread_([this, &steps, rate](const std::stop_token& over) {
          for (const auto& step : steps) {
            const auto after = std::chrono::duration_cast<host::Duration>(step.after / rate);
            std::unique_lock lock(mutex_);
            if (wake_.wait_until(lock, over, begin_ + after, [] { return false; });
                over.stop_requested()) {
              trouble_ = sim::ended_before(step);
              return;
            }
            take(step);
          }
        }) {}

  // Throws std::runtime_error if one could not be taken.
  void end() {
    thread_.request_stop();
    thread_.join();
    if (!trouble_.empty()) {
      throw std::runtime_error(trouble_);
    }
  }

 private:
  void take(const sim::Step& step) {
    try {
      act_(step);
    } catch (const std::exception& error) {
      trouble_ = error.what();
    }
  }

  std::function<void(const sim::Step&)> act_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::string trouble_;
  std::jthread thread_;
};

NodePlayer::NodePlayer(const Scenario& scenario, const NodeRig& rig, node::Init& init)
    : scenario_(scenario),
      rig_(rig),
      cluster_(path_on_node(rig), rig.name, rig.rate, rig.environment),
      instances_(scenario.instances),
      witness_(instances_, init, rig.fakes.empty() ? "" : signal_records, std::max(1.0, rig.rate)) {
}

Evidence NodePlayer::play() {
  Evidence evidence;
  try {
    prepare();
    for (const auto& step : scenario_.steps) {
      write("", step.what.text);
      auto seen = std::visit([&](const auto& what) { return act(what); }, step.what.what);
      // Recordings have facts instead.
      if (!instances_.empty()) {
        seen.after = witness_.look();
      }
      evidence.steps.push_back(std::move(seen));
    }
  } catch (const std::exception& error) {
    evidence.trouble = error.what();
  }
  see_end(evidence);
  evidence.timeline = std::move(timeline_);
  // The worst case of starting a process and observing it.
  const auto times = [&](auto duration) {
    return std::chrono::duration_cast<host::Duration>(duration * std::max(1.0, rig_.rate));
  };
  evidence.slack = times(std::chrono::milliseconds(100));
  // The simulated machine measures milliseconds; here, only real waits must be detected.
  evidence.delay = times(std::chrono::seconds(5));
  return evidence;
}

void NodePlayer::see_end(Evidence& evidence) const {
  const auto accounts = accounts_in(scenario_.then);
  for (const auto& condition : scenario_.then) {
    if (fs::exists(fs::symlink_status(condition.subject))) {
      evidence.files[condition.subject] = see_file(condition.subject, accounts);
    }
  }
  for (const auto& [name, instance] : instances_) {
    if (const auto pids = node::processes_of(instance); !pids.empty()) {
      evidence.servers[name] = see_server(pids, accounts);
    }
  }
}

void NodePlayer::prepare() {
  for (const auto& path : storage_paths(scenario_)) {
    storages_.try_emplace(path, path);
  }
  furnish_node();  // their mounts hide the missing files
  if (!rig_.fakes.empty()) {
    constexpr mode_t for_all = 0666;
    write_file(signal_records, "");
    set_mode(signal_records, for_all);
  }
  apply(scenario_.setup);
}

void NodePlayer::write(const std::string& who, const std::string& what) {
  const auto since = (std::chrono::steady_clock::now() - begin_) * rig_.rate;
  timeline_.push_back({.at = std::chrono::duration_cast<host::Duration>(since),
                       .who = who.empty() ? "cluster" : who,
                       .what = what});
}

SeenStep NodePlayer::act(const sim::CallAgent& call) {
  const auto& operation = call.operation;
  cluster::Operation run{.action = call.action,
                         .timeout = operation.timeout,
                         .interval = operation.interval,
                         .check_level = operation.check_level,
                         .caller = operation.caller};
  if (operation.kill_after) {
    run.kill_after = std::chrono::duration_cast<std::chrono::microseconds>(*operation.kill_after);
    run.victim = operation.victim == sim::AgentCall::Victim::group ? cluster::Victim::group
                                                                   : cluster::Victim::process;
  }
  (void)witness_.signals();  // earlier events are not the agent's
  Events events(call.meanwhile, rig_.rate, [this](const sim::Step& step) {
    write("somebody", step.text);
    std::visit([this](const auto& what) { (void)act(what); }, step.what);
  });
  const auto result = cluster_.run(instances_.at(call.instance), run);
  events.end();
  SeenCall seen{.code = result.code,
                .timed_out = result.timed_out,
                .killed = result.killed,
                .out = result.out,
                .took = result.took,
                .signals = witness_.signals()};
  auto said = cluster::said_in(result.err);
  seen.reasons = std::move(said.reasons);
  seen.log = std::move(said.log);
  for (const auto& line : seen.log) {
    write("agent", line);
  }
  for (const auto& reason : seen.reasons) {
    write("agent", "ocf-exit-reason:" + reason);
  }
  for (const auto& [signal, to] : seen.signals.value_or(std::vector<SeenSignal>())) {
    write(to.empty() ? "a stranger" : to, "got " + sim::signal_name(signal));
  }
  write("cluster", call.action + " " + call.instance + ": " +
                       (result.timed_out ? "timed out, killed by the cluster"
                        : result.killed  ? "killed"
                                         : cluster::exit_code_name(result.code)) +
                       ", exit code " + std::to_string(result.code) + " after " +
                       std::to_string(result.took.count()) + " ms");
  return {.call = std::move(seen)};
}

SeenStep NodePlayer::act(const sim::Pass& pass) {
  std::this_thread::sleep_for(
      std::chrono::duration_cast<host::Duration>(pass.duration / rig_.rate));
  return {};
}

SeenStep NodePlayer::act(const sim::SendSignal& send) {
  if (send.instance.empty()) {
    const auto begin = std::chrono::steady_clock::now();
    programs_.send(send);
    auto settled = settle(programs_.lookout(), send.watched);
    return {.program =
                Observation{.took = settled.since - begin, .leaves = std::move(settled.leaves)}};
  }
  auto pids = node::processes_of(instances_.at(send.instance));
  const bool is_to_main = send.whom == sim::Whom::main || send.whom == sim::Whom::all;
  if (!is_to_main && !pids.empty()) {
    pids.erase(pids.begin());
  }
  if (send.whom == sim::Whom::main || send.whom == sim::Whom::first_child) {
    pids.resize(std::min<std::size_t>(pids.size(), 1));
  }
  if (pids.empty()) {
    throw std::runtime_error(no_target(send.instance));
  }
  for (const int pid : pids) {
    witness_.note_other_sender(pid, send.signal);
    if (::kill(pid, send.signal) != 0) {
      throw std::runtime_error(no_target(send.instance));
    }
  }
  settle(send.signal, pids);
  return {};
}

SeenStep NodePlayer::act(const sim::RunProgram& run) {
  auto seen = programs_.run(run, rig_.rate);
  for (const auto& [who, lines] : {std::pair("out", &seen.out), {"err", &seen.err}}) {
    for (const auto& line : *lines) {
      write(who, line);
    }
  }
  write("", in_yaml(seen.ending));
  if (scenario_.measured_with.empty()) {
    return {};
  }
  seen.leaves = settle(programs_.lookout()).leaves;
  return {.program = std::move(seen)};
}

SeenStep NodePlayer::act(const sim::AskOptions& question) {
  const auto begin = std::chrono::steady_clock::now();
  posix::PosixNetwork network;
  const auto lasts = std::chrono::duration_cast<host::Duration>(question.lasts / rig_.rate);
  auto line = sim::ask_options(network, question.at, begin + lasts);
  write("", "answer: " + line);
  if (scenario_.measured_with.empty()) {
    return {};
  }
  const auto took = std::chrono::steady_clock::now() - begin;
  return {.program = Observation{.ending = Answered{std::move(line)},
                                 .took = took,
                                 .leaves = settle(programs_.lookout()).leaves}};
}

SeenStep NodePlayer::act(const sim::Suspend& /*suspend*/) { cannot("suspend"); }

SeenStep NodePlayer::act(const sim::SetClock& /*set*/) { cannot("set_clock"); }

SeenStep NodePlayer::act(const sim::Update& update) {
  for (const auto& [name, parameters] : update.parameters) {
    for (const auto& [parameter, value] : parameters) {
      instances_.at(name).parameters[parameter] = value;
    }
  }
  return {};
}

SeenStep NodePlayer::act(const sim::Change& change) {
  apply(change.setup);
  return {};
}

void NodePlayer::apply(const sim::Setup& setup) {
  if (setup.faults || setup.weather) {
    cannot(setup.faults ? "faults" : "weather");
  }
  profile_.add(setup, instances_);
  if (!setup.programs.empty() || !setup.servers.empty()) {
    tell_fakes();
  }
  for (const auto& file : setup.files) {
    put(file);
  }
  for (const auto& responder : setup.responders) {
    programs_.respond(responder);
  }
  for (const auto& [place, path] : setup.without) {
    if (fs::remove_all(path) == 0) {
      throw std::runtime_error("cannot remove " + path + ": no such file");
    }
  }
  for (const auto& [place, path, storage] : setup.storages) {
    auto& spoilt = storages_.at(path);
    switch (storage) {
      case sim::Storage::sound:
        spoilt.make_sound();
        break;
      case sim::Storage::full:
        spoilt.make_full();
        break;
      case sim::Storage::read_only:
        spoilt.make_read_only();
        break;
    }
  }
}

std::string NodePlayer::text_of(const sim::PlacedFile& file) {
  if (file.foreign_pid != sim::PlacedFile::ForeignPid::no) {
    return std::to_string(programs_.foreign_pid(file.foreign_pid)) + "\n";
  }
  if (file.pid_of.empty()) {
    return file.text;
  }
  const auto pids = node::processes_of(instances_.at(file.pid_of));
  if (pids.empty()) {
    throw std::runtime_error(file.path + ": pid_of " + file.pid_of +
                             ": no process of this instance lives");
  }
  return std::to_string(pids.front());
}

void NodePlayer::put(const sim::PlacedFile& file) {
  using Kind = sim::PlacedFile::Kind;
  switch (file.kind) {
    case Kind::text:
      write_file(file.path, text_of(file));
      break;
    case Kind::copy:
      copy_file(file.path, file.source);
      if (!rig_.fakes.empty() &&
          std::ranges::find(fake_programs, file.source) != std::end(fake_programs)) {
        for (const std::string what : {".profile.yaml", ".signals"}) {
          fs::remove(file.path + what);
          fs::create_symlink(file.source + what, file.path + what);
        }
      }
      break;
    case Kind::link:
      make_link(file.path, file.source);
      break;
    case Kind::directory:
      make_directory(file.path, file.mode);
      break;
    case Kind::fifo:
      make_fifo(file.path);
      if (file.is_held_open) {
        programs_.hold_open(file.path);
      }
      break;
  }
  give(file.path, file.user, file.group);
  if (file.kind != Kind::link) {
    set_mode(file.path, file.mode);
  }
}

// Each program reads its part.
void NodePlayer::tell_fakes() {
  for (const std::string program : fake_programs) {
    const auto profile = program + ".profile.yaml";
    write_file(profile + ".new", profile_.text());
    fs::rename(profile + ".new", profile);
  }
}

}  // namespace conformance
