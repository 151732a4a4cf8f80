#include "conformance/rigs/simulated_census.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace conformance {
namespace {

constexpr sim::Identity root = {};
constexpr const char* server_path = "/usr/sbin/kamailio";

// The simulated machine knows names only for some ids.
std::string user_name(const sim::Users& users, std::uint32_t id) {
  for (const char* const name : {"root", "kamailio", "nobody"}) {
    if (const auto user = users.find_user(name); user && user->id == id) {
      return name;
    }
  }
  return std::to_string(id);
}

std::string group_name(const sim::Users& users, std::uint32_t id) {
  for (const char* const name : {"root", "kamailio", "nogroup", "daemon"}) {
    if (users.find_group(name) == id) {
      return name;
    }
  }
  return std::to_string(id);
}

std::string kind_of(sim::Inode::Type type) {
  switch (type) {
    case sim::Inode::Type::fifo:
      return "fifo";
    case sim::Inode::Type::socket:
      return "socket";
    case sim::Inode::Type::symbolic_link:
      return "link";
    case sim::Inode::Type::regular:
    case sim::Inode::Type::directory:
    case sim::Inode::Type::zero_device:
    case sim::Inode::Type::null_device:
      break;
  }
  return "file";
}

void add_files_below(const std::string& directory, const sim::Machine& machine,
                     std::vector<CensusFile>& files) {
  const auto names = machine.files.list(directory, root).value();
  for (const auto& name : names) {
    const auto path = directory + "/" + name;
    const auto status = machine.files.lstat(path, root).value();
    if (status.type == sim::Inode::Type::directory) {
      add_files_below(path, machine, files);
      continue;
    }
    const bool is_regular = status.type == sim::Inode::Type::regular;
    files.push_back({.file = {.path = path,
                              .is = kind_of(status.type),
                              .owner = user_name(machine.users, status.owner.user) + ":" +
                                       group_name(machine.users, status.owner.group),
                              .mode = status.mode},
                     .text = is_regular ? machine.files.read(path, root).value() : ""});
  }
}

}  // namespace

Census census_of(sim::ScenarioPlayer& player) {
  const auto& machine = player.node().machine();
  const auto& own_pids = player.programs().own_pids();
  const auto& own_endpoints = player.programs().own_endpoints();
  Census census;
  for (const auto& [pid, process] : machine.processes.all()) {
    if (process.ended) {
      continue;
    }
    using Of = CensusProcess::Of;
    census.processes.push_back(
        {.pid = pid,
         .parent = process.parent,
         .name = process.name,
         .user = user_name(machine.users, process.identity.user),
         .is_stopped = process.is_stopped,
         .of = own_pids.contains(pid) || pid == sim::Processes::init       ? Of::player
               : process.executable == server_path && !process.is_stranger ? Of::server
                                                                           : Of::others});
  }
  for (const auto* const directory : {"/run", "/tmp"}) {
    add_files_below(directory, machine, census.files);
  }
  std::ranges::sort(census.files, {}, [](const auto& file) { return file.file.path; });
  for (const auto& end : machine.sockets.awaiting_requests()) {
    const bool is_inet =
        end.kind == host::Endpoint::Kind::udp || end.kind == host::Endpoint::Kind::tcp;
    const host::Endpoint endpoint{.kind = end.kind, .address = end.address, .port = end.port};
    if (is_inet && std::ranges::find(own_endpoints, endpoint) == own_endpoints.end()) {
      census.listens.push_back(endpoint);
    }
  }
  return census;
}

}  // namespace conformance
