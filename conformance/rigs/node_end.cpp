#include "conformance/rigs/node_end.h"

#include "agent/posix/read_write.h"
#include "conformance/node/processes.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <system_error>

namespace conformance {
namespace {

namespace fs = std::filesystem;

constexpr mode_t all_mode_bits = 07777;

bool is_account(const std::string& account, uid_t user, gid_t group) {
  const auto colon = account.find(':');
  const auto* const known = ::getpwnam(account.substr(0, colon).c_str());
  const auto* const known_group = ::getgrnam(account.substr(colon + 1).c_str());
  return known != nullptr && known_group != nullptr && known->pw_uid == user &&
         known_group->gr_gid == group;
}

std::string account_text(uid_t user, gid_t group, const std::vector<std::string>& accounts) {
  const auto found = std::ranges::find_if(
      accounts, [&](const auto& account) { return is_account(account, user, group); });
  return found != accounts.end() ? *found : std::to_string(user) + ":" + std::to_string(group);
}

// proc(5), status: real, effective, saved and file system id.
std::vector<unsigned> ids_in(const std::string& status, const std::string& kind) {
  constexpr std::size_t count = 4;
  std::vector<unsigned> ids(count);
  const auto key = "\n" + kind + ":";
  std::istringstream fields(status.substr(std::min(status.find(key) + key.size(), status.size())));
  for (auto& id : ids) {
    fields >> id;
  }
  return ids;
}

}  // namespace

SeenFile see_file(const std::string& path, const std::vector<std::string>& accounts) {
  struct stat status = {};
  if (::lstat(path.c_str(), &status) != 0) {
    return {};
  }
  std::error_code error;
  return {.text = S_ISREG(status.st_mode) ? posix::read_all(path).value_or("") : "",
          .owner = account_text(status.st_uid, status.st_gid, accounts),
          .mode = status.st_mode & all_mode_bits,
          .is_empty = S_ISDIR(status.st_mode) && fs::is_empty(path, error)};
}

SeenServer see_server(const std::vector<int>& pids, const std::vector<std::string>& accounts) {
  SeenServer server{.main_process = pids.front(), .arguments = node::arguments_of(pids.front())};
  for (const int pid : pids) {
    const auto status = posix::read_all("/proc/" + std::to_string(pid) + "/status").value_or("");
    if (status.find("\nUid:") == std::string::npos) {
      continue;  // it has ended meanwhile
    }
    const auto users = ids_in(status, "Uid");
    const auto groups = ids_in(status, "Gid");
    for (std::size_t i = 0; i < users.size(); ++i) {
      server.accounts.insert(account_text(users[i], groups[i], accounts));
    }
  }
  return server;
}

}  // namespace conformance
