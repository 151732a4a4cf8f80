#include "sim/calibration/census.h"

#include <algorithm>
#include <functional>
#include <sstream>
#include <utility>

namespace calibration {
namespace {

std::vector<SeenProcess> server_in(const Census& census) {
  auto processes = census.processes;
  std::erase_if(processes,
                [](const SeenProcess& process) { return process.of != SeenProcess::Of::server; });
  return processes;
}

// A process of a server is "main" if it is the parent of others, and "child" if it has such a
// parent.
std::string role_of(const SeenProcess& process, const std::vector<SeenProcess>& server) {
  const auto is_other = [&](int SeenProcess::*field, int pid) {
    return std::ranges::find(server, pid, field) != server.end();
  };
  if (is_other(&SeenProcess::parent, process.pid)) {
    return "main";
  }
  return is_other(&SeenProcess::pid, process.parent) ? "child" : "orphan";
}

std::vector<Processes> processes_in(const Census& census, const std::vector<SeenProcess>& server) {
  std::vector<Processes> groups;
  for (const auto& process : census.processes) {
    if (process.of == SeenProcess::Of::player) {
      continue;
    }
    const bool is_server = process.of == SeenProcess::Of::server;
    Processes alike{.is = is_server ? role_of(process, server) : process.name,
                    .user = process.user,
                    .is_stopped = process.is_stopped};
    const auto same = std::ranges::find_if(groups, [&](const Processes& group) {
      return group.is == alike.is && group.user == alike.user &&
             group.is_stopped == alike.is_stopped;
    });
    if (same != groups.end()) {
      ++same->count;
    } else {
      groups.push_back(std::move(alike));
    }
  }
  std::ranges::sort(groups, std::greater<>(), &Processes::is);
  return groups;
}

// Whom the number in a PID file names.
std::string named_by(const std::string& text, const Census& census,
                     const std::vector<SeenProcess>& server) {
  int pid = 0;
  if (!(std::istringstream(text) >> pid)) {
    return "nothing";
  }
  const auto found = std::ranges::find(server, pid, &SeenProcess::pid);
  if (found != server.end()) {
    return role_of(*found, server);
  }
  const auto& living = census.processes;
  return std::ranges::find(living, pid, &SeenProcess::pid) != living.end() ? "living" : "dead";
}

}  // namespace

Leaves leaves_in(const Census& census) {
  const auto server = server_in(census);
  Leaves leaves{.processes = processes_in(census, server), .listens = census.listens};
  for (const auto& file : census.files) {
    LeftFile left{.path = file.path, .is = file.is, .access = file.access};
    if (file.is == "file" && file.path.ends_with(".pid")) {
      left.names = named_by(file.text, census, server);
    }
    leaves.files.push_back(std::move(left));
  }
  return leaves;
}

bool is_busy(const Census& census) {
  return std::ranges::any_of(census.processes, [](const SeenProcess& process) {
    return process.is_busy && process.of != SeenProcess::Of::player;
  });
}

std::vector<int> receivers(Receiver receiver, const Census& census) {
  const auto server = server_in(census);
  std::vector<int> pids;
  for (const auto& process : server) {
    const bool is_main = role_of(process, server) == "main";
    if (receiver == Receiver::all || (receiver == Receiver::main) == is_main) {
      pids.push_back(process.pid);
    }
  }
  if (receiver == Receiver::first_child && pids.size() > 1) {
    pids.resize(1);
  }
  return pids;
}

}  // namespace calibration
