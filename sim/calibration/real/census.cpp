#include "sim/calibration/real/census.h"

#include "agent/posix/process_stat.h"
#include "sim/calibration/real/sockets.h"
#include "sim/calibration/words.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
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

std::optional<SeenProcess> process_at(const fs::path& directory, const Surroundings& surroundings) {
  const auto pid = number_of(directory.filename().string());
  const auto line = posix::parse_stat(text_of(directory / "stat"));
  if (!pid || !line || line->state == 'Z' || line->state == 'X') {
    return std::nullopt;
  }
  SeenProcess process{.pid = *pid, .parent = line->stat.parent, .name = line->stat.name};
  process.is_stopped = line->state == 'T';
  process.is_busy = line->state == 'R' || line->state == 'D';
  std::error_code error;
  const auto executable = fs::read_symlink(directory / "exe", error).string();
  if (surroundings.own_pids.contains(process.pid)) {
    process.of = SeenProcess::Of::player;
  } else if (executable == surroundings.server) {
    process.of = SeenProcess::Of::server;
  }
  const auto status = text_of(directory / "status");
  constexpr std::string_view field = "\nUid:\t";
  unsigned user = 0;
  if (const auto found = status.find(field); found != std::string::npos) {
    std::istringstream(status.substr(found + field.size())) >> user;
  }
  process.user = user_name(user);
  return process;
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

std::vector<SeenFile> files_there() {
  constexpr std::array<const char*, 2> roots = {"/run", "/tmp"};
  std::vector<SeenFile> files;
  for (const char* const root : roots) {
    // What is mounted below them has been there before: ci/in-node has put it there.
    struct stat root_status = {};
    (void)::stat(root, &root_status);
    std::error_code error;
    for (auto entry = fs::recursive_directory_iterator(root, error);
         entry != fs::recursive_directory_iterator(); entry.increment(error)) {
      const auto& path = entry->path();
      struct stat status = {};
      if (::lstat(path.c_str(), &status) != 0) {
        continue;
      }
      if (S_ISDIR(status.st_mode)) {
        if (status.st_dev != root_status.st_dev) {
          entry.disable_recursion_pending();
        }
        continue;
      }
      constexpr unsigned permissions = 07777;
      SeenFile file{.path = path.string(),
                    .is = kind_of(status.st_mode),
                    .access = {.user = user_name(status.st_uid),
                               .group = group_name(status.st_gid),
                               .mode = static_cast<int>(status.st_mode & permissions)}};
      if (S_ISREG(status.st_mode)) {
        file.text = text_of(path);
      }
      files.push_back(std::move(file));
    }
  }
  std::ranges::sort(files, {}, &SeenFile::path);
  return files;
}

}  // namespace

std::vector<SeenProcess> living_processes(const Surroundings& surroundings) {
  std::vector<SeenProcess> processes;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    if (auto process = process_at(entry.path(), surroundings)) {
      processes.push_back(*std::move(process));
    }
  }
  std::ranges::sort(processes, {}, &SeenProcess::pid);
  return processes;
}

Census look_around(const Surroundings& surroundings) {
  Census census{.processes = living_processes(surroundings),
                .files = files_there(),
                .listens = bound_endpoints()};
  std::erase_if(census.listens, [&](const Endpoint& endpoint) {
    return std::ranges::find(surroundings.own_endpoints, endpoint) !=
           surroundings.own_endpoints.end();
  });
  return census;
}

}  // namespace calibration
