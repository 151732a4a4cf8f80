#include "conformance/rigs/census.h"

#include "sim/setup/sip_endpoint.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <sstream>
#include <utility>

namespace conformance {
namespace {

using Processes = std::vector<CensusProcess>;

Processes servers_in(const Census& census) {
  auto processes = census.processes;
  std::erase_if(processes,
                [](const auto& process) { return process.of != CensusProcess::Of::server; });
  return processes;
}

// A server process is "main" if it has children, and "child" if its parent is a main process.
std::string role_of(const CensusProcess& process, const Processes& servers) {
  if (std::ranges::find(servers, process.pid, &CensusProcess::parent) != servers.end()) {
    return "main";
  }
  const bool has_main =
      std::ranges::find(servers, process.parent, &CensusProcess::pid) != servers.end();
  return has_main ? "child" : "orphan";
}

std::vector<LeftProcesses> processes_in(const Census& census, const Processes& servers) {
  std::vector<LeftProcesses> groups;
  for (const auto& process : census.processes) {
    if (process.of == CensusProcess::Of::player) {
      continue;
    }
    const bool is_server = process.of == CensusProcess::Of::server;
    LeftProcesses alike{.is = is_server ? role_of(process, servers) : process.name,
                        .user = process.user,
                        .is_stopped = process.is_stopped};
    const auto same = std::ranges::find_if(groups, [&](LeftProcesses group) {
      group.count = 1;
      return group == alike;
    });
    if (same != groups.end()) {
      ++same->count;
    } else {
      groups.push_back(std::move(alike));
    }
  }
  std::ranges::sort(groups, std::greater<>(), &LeftProcesses::is);
  return groups;
}

// The process that a PID file names.
std::string named_by(const std::string& text, const Census& census, const Processes& servers) {
  int pid = 0;
  if (!(std::istringstream(text) >> pid)) {
    return "nothing";
  }
  const auto found = std::ranges::find(servers, pid, &CensusProcess::pid);
  if (found != servers.end()) {
    return role_of(*found, servers);
  }
  const auto& living = census.processes;
  return std::ranges::find(living, pid, &CensusProcess::pid) != living.end() ? "living" : "dead";
}

bool is_busy(const Census& census) {
  return std::ranges::any_of(census.processes, [](const auto& process) {
    return process.is_busy && process.of != CensusProcess::Of::player;
  });
}

}  // namespace

Leaves leaves_in(const Census& census) {
  const auto servers = servers_in(census);
  Leaves leaves{.processes = processes_in(census, servers), .listens = census.listens};
  for (auto [file, text] : census.files) {
    if (file.is == "file" && file.path.ends_with(".pid")) {
      file.names = named_by(text, census, servers);
    }
    leaves.files.push_back(std::move(file));
  }
  // Processes that share a port have several sockets for it.
  auto& listens = leaves.listens;
  std::ranges::sort(listens, {}, [](const auto& endpoint) { return sim::word_of(endpoint); });
  listens.erase(std::unique(listens.begin(), listens.end()), listens.end());
  return leaves;
}

std::vector<int> receivers(sim::Whom whom, const Census& census) {
  std::map<int, int> parents;
  for (const auto& server : servers_in(census)) {
    parents[server.pid] = server.parent;
  }
  return sim::receivers(whom, parents);
}

// On a busy machine a signal may take effect late.
Settled settle(const Lookout& lookout, host::Duration unchanged) {
  using std::chrono::milliseconds;
  constexpr milliseconds often(25);  // often enough, without making the machine busy
  const auto at_most = std::max<host::Duration>(unchanged, std::chrono::seconds(10));
  const auto look_every = std::clamp<host::Duration>(unchanged / 50, often, 4 * often);
  const auto begin = lookout.now();
  Settled settled{.leaves = leaves_in(lookout.look()), .since = begin};
  for (auto quiet_since = begin;
       lookout.now() < quiet_since + unchanged && lookout.now() < begin + at_most;) {
    lookout.wait(look_every);
    const auto census = lookout.look();
    auto leaves = leaves_in(census);
    if (leaves != settled.leaves) {
      settled = {.leaves = std::move(leaves), .since = lookout.now()};
      quiet_since = settled.since;
    } else if (is_busy(census)) {
      quiet_since = lookout.now();
    }
  }
  return settled;
}

}  // namespace conformance
