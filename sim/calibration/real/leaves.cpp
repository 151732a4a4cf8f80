#include "sim/calibration/real/leaves.h"

#include "sim/calibration/real/sockets.h"
#include "sim/calibration/words.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

namespace calibration {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string user_name(unsigned user) {
  const auto* const account = ::getpwuid(user);
  return account == nullptr ? std::to_string(user) : account->pw_name;
}

std::string group_name(unsigned group) {
  const auto* const entry = ::getgrgid(group);
  return entry == nullptr ? std::to_string(group) : entry->gr_name;
}

std::optional<RealProcess> process_at(const fs::path& directory) {
  const auto pid = number_of(directory.filename().string());
  const auto stat = text_of(directory / "stat");
  const auto open = stat.find('(');
  const auto close = stat.rfind(')');
  if (!pid || close == std::string::npos) {
    return std::nullopt;
  }
  RealProcess process{.pid = *pid, .name = stat.substr(open + 1, close - open - 1)};
  std::istringstream(stat.substr(close + 1)) >> process.state >> process.parent;
  std::error_code error;
  process.executable = fs::read_symlink(directory / "exe", error).string();
  const auto status = text_of(directory / "status");
  constexpr std::string_view field = "\nUid:\t";
  if (const auto found = status.find(field); found != std::string::npos) {
    std::istringstream(status.substr(found + field.size())) >> process.user;
  }
  const bool lives = process.state != 'Z' && process.state != 'X';
  return lives ? std::optional(process) : std::nullopt;
}

// A process of a server is "main" if it is the parent of others, and "child" if it has such a
// parent.
std::string role_of(const RealProcess& process, const std::vector<RealProcess>& server) {
  const auto is_other = [&](int RealProcess::*field, int pid) {
    return std::ranges::find(server, pid, field) != server.end();
  };
  if (is_other(&RealProcess::parent, process.pid)) {
    return "main";
  }
  return is_other(&RealProcess::pid, process.parent) ? "child" : "orphan";
}

std::vector<Processes> processes_left(const Surroundings& surroundings) {
  const auto server = server_processes(surroundings);
  std::vector<Processes> groups;
  for (const auto& process : living_processes()) {
    if (surroundings.own_pids.contains(process.pid)) {
      continue;
    }
    const bool is_server = process.executable == surroundings.server;
    Processes alike{.is = is_server ? role_of(process, server) : process.name,
                    .user = user_name(process.user),
                    .is_stopped = process.state == 'T'};
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

std::string kind_of(mode_t mode) {
  if (S_ISFIFO(mode)) {
    return "fifo";
  }
  if (S_ISSOCK(mode)) {
    return "socket";
  }
  return S_ISLNK(mode) ? "link" : "file";
}

// Whom the number in a PID file names.
std::string named_by(const fs::path& path, const std::vector<RealProcess>& server) {
  int pid = 0;
  if (!(std::istringstream(text_of(path)) >> pid)) {
    return "nothing";
  }
  const auto found = std::ranges::find(server, pid, &RealProcess::pid);
  if (found != server.end()) {
    return role_of(*found, server);
  }
  const auto living = living_processes();
  return std::ranges::find(living, pid, &RealProcess::pid) != living.end() ? "living" : "dead";
}

std::vector<LeftFile> files_left(const Surroundings& surroundings) {
  constexpr std::array<std::string_view, 2> roots = {"/run", "/tmp"};
  const auto server = server_processes(surroundings);
  std::vector<LeftFile> files;
  for (const auto root : roots) {
    std::error_code error;
    for (auto entry = fs::recursive_directory_iterator(root, error);
         entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      const auto& path = entry->path();
      if (path == "/run/resource.d") {  // what ci/in-node has mounted there
        entry.disable_recursion_pending();
      }
      struct stat status = {};
      if (::lstat(path.c_str(), &status) != 0 || S_ISDIR(status.st_mode)) {
        continue;
      }
      constexpr unsigned permissions = 07777;
      LeftFile file{.path = path.string(),
                    .is = kind_of(status.st_mode),
                    .access = {.user = user_name(status.st_uid),
                               .group = group_name(status.st_gid),
                               .mode = static_cast<int>(status.st_mode & permissions)}};
      if (file.is == "file" && file.path.ends_with(".pid")) {
        file.names = named_by(path, server);
      }
      files.push_back(std::move(file));
    }
  }
  std::ranges::sort(files, {}, &LeftFile::path);
  return files;
}

}  // namespace

std::vector<RealProcess> living_processes() {
  std::vector<RealProcess> processes;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    if (auto process = process_at(entry.path())) {
      processes.push_back(*std::move(process));
    }
  }
  std::ranges::sort(processes, {}, &RealProcess::pid);
  return processes;
}

std::vector<RealProcess> server_processes(const Surroundings& surroundings) {
  auto processes = living_processes();
  std::erase_if(processes, [&](const RealProcess& process) {
    return process.executable != surroundings.server || surroundings.own_pids.contains(process.pid);
  });
  return processes;
}

std::vector<int> receivers(Receiver receiver, const Surroundings& surroundings) {
  const auto server = server_processes(surroundings);
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

Leaves look_around(const Surroundings& surroundings) {
  Leaves leaves{.processes = processes_left(surroundings),
                .files = files_left(surroundings),
                .listens = bound_endpoints()};
  std::erase_if(leaves.listens, [&](const Endpoint& endpoint) {
    return std::ranges::find(surroundings.own_endpoints, endpoint) !=
           surroundings.own_endpoints.end();
  });
  return leaves;
}

}  // namespace calibration
