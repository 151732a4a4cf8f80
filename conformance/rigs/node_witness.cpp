#include "conformance/rigs/node_witness.h"

#include "conformance/node/kamailio.h"
#include "conformance/node/processes.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>
#include <utility>

namespace conformance {
namespace {

constexpr int init_pid = 1;

}  // namespace

NodeWitness::NodeWitness(const sim::Instances& instances, node::Init& init, std::string records,
                         double rate)
    : instances_(instances), init_(init), records_(std::move(records)), rate_(rate) {}

SeenMachine NodeWitness::look() {
  SeenMachine seen;
  for (const auto& [name, instance] : instances_) {
    const auto pids = node::processes_of(instance);
    for (const int pid : pids) {
      owners_[pid] = name;
    }
    seen.processes[name] = {pids.begin(), pids.end()};
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto is_over = [&] { return std::chrono::steady_clock::now() - begin > patience(); };
  while (!(seen.helpers = helpers()).empty() && !is_over()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return seen;
}

// A killed helper takes a moment of this machine's time to end. One that ends by itself within
// seconds of the node's time does not accumulate.
std::chrono::nanoseconds NodeWitness::patience() const {
  constexpr std::chrono::milliseconds moment(200);
  constexpr std::chrono::duration<double> seconds(4);
  return std::max<std::chrono::nanoseconds>(
      moment, std::chrono::duration_cast<std::chrono::nanoseconds>(seconds / rate_));
}

std::vector<std::string> NodeWitness::helpers() const {
  std::vector<std::string> names;
  for (const int pid : node::all_pids()) {
    const bool is_known = pid == init_pid || pid == ::getpid() || !node::lives(pid);
    if (!is_known && owner_of(pid).empty()) {
      names.push_back(node::name_of(pid));
    }
  }
  return names;
}

std::string NodeWitness::owner_of(int pid) const {
  for (const auto& [name, instance] : instances_) {
    if (node::is_of(instance, pid)) {
      return name;
    }
  }
  const auto found = owners_.find(pid);
  return found == owners_.end() ? "" : found->second;
}

// The init reaps them soon, and reports how they ended.
void NodeWitness::wait_for_burials() const {
  constexpr int patience = 200;
  const auto waits_for_its_burial = [](int pid) {
    return node::parent_of(pid) == init_pid && !node::lives(pid);
  };
  for (int i = 0; i < patience && std::ranges::any_of(node::all_pids(), waits_for_its_burial);
       ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

// Servers record a signal when they handle it, which a stopped or busy one does late or never.
void NodeWitness::wait_for_deliveries() const {
  constexpr int patience = 100;
  const auto is_about_to_take_one = [this](int pid) {
    return !node::pending_signals(pid).empty() && node::lives(pid) && !node::is_stopped(pid) &&
           !owner_of(pid).empty();
  };
  for (int i = 0; i < patience && std::ranges::any_of(node::all_pids(), is_about_to_take_one);
       ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

std::optional<std::vector<SeenSignal>> NodeWitness::signals() {
  wait_for_deliveries();
  wait_for_burials();
  std::vector<SeenSignal> signals;
  std::ifstream records(records_);
  records.seekg(read_);
  for (int pid = 0, sender = 0, signal = 0; records >> pid >> sender >> signal;) {
    read_ = records.tellg();
    const auto owner = owner_of(pid);
    // A server's main process may end its children.
    if (!owner.empty() && owner_of(sender) != owner && !of_others_.contains({pid, signal})) {
      signals.push_back({.signal = signal, .to = owner});
    }
  }
  for (const auto& [pid, signal] : init_.deaths()) {
    const auto owner = owner_of(pid);
    // The agent may kill its own helpers.
    const bool is_of_others = signal == 0 || of_others_.contains({pid, signal});
    if (!is_of_others && (pid == init_pid || !owner.empty())) {
      signals.push_back({.signal = signal, .to = owner});
    }
  }
  of_others_.clear();
  if (records_.empty()) {
    return std::nullopt;
  }
  return signals;
}

}  // namespace conformance
