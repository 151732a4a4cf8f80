#include "conformance/rigs/node_census.h"

#include "agent/posix/proc.h"
#include "agent/posix/read_write.h"
#include "conformance/node/processes.h"

#include <arpa/inet.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace conformance {
namespace {

namespace fs = std::filesystem;

std::string user_name(unsigned user) {
  const auto* const account = ::getpwuid(user);
  return account == nullptr ? std::to_string(user) : account->pw_name;
}

std::string group_name(unsigned group) {
  const auto* const entry = ::getgrgid(group);
  return entry == nullptr ? std::to_string(group) : entry->gr_name;
}

std::optional<CensusProcess> process_at(int pid, const OnNode& node) {
  const auto directory = "/proc/" + std::to_string(pid);
  const auto line = posix::parse_stat(posix::read_all(directory + "/stat").value_or(""));
  if (!line || line->state == 'Z' || line->state == 'X') {
    return std::nullopt;
  }
  CensusProcess process{.pid = pid, .parent = line->stat.parent, .name = line->stat.name};
  process.is_stopped = line->state == 'T';
  process.is_busy = line->state == 'R' || line->state == 'D';
  std::error_code error;
  if (node.own_pids.contains(pid)) {
    process.of = CensusProcess::Of::player;
  } else if (fs::read_symlink(directory + "/exe", error) == node.server && !error) {
    process.of = CensusProcess::Of::server;
  }
  struct stat status = {};
  process.user = ::stat(directory.c_str(), &status) == 0 ? user_name(status.st_uid) : "";
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

void add_files_below(const char* root, std::vector<CensusFile>& files) {
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(root, error);
       entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const auto& path = entry->path();
    struct stat status = {};
    if (::lstat(path.c_str(), &status) != 0 || S_ISDIR(status.st_mode)) {
      continue;
    }
    constexpr unsigned permissions = 07777;
    files.push_back({.file = {.path = path.string(),
                              .is = kind_of(status.st_mode),
                              .owner = user_name(status.st_uid) + ":" + group_name(status.st_gid),
                              .mode = status.st_mode & permissions},
                     .text = S_ISREG(status.st_mode) ? posix::read_all(path).value_or("") : ""});
  }
}

struct SocketTable {
  const char* file;
  host::Endpoint::Kind kind;
  int family;
  std::string_view state;
};

// proc(5): the states of an unconnected UDP socket, and of a listening TCP socket.
constexpr std::array<SocketTable, 4> socket_tables = {
    {{"/proc/net/udp", host::Endpoint::Kind::udp, AF_INET, "07"},
     {"/proc/net/tcp", host::Endpoint::Kind::tcp, AF_INET, "0A"},
     {"/proc/net/udp6", host::Endpoint::Kind::udp, AF_INET6, "07"},
     {"/proc/net/tcp6", host::Endpoint::Kind::tcp, AF_INET6, "0A"}}};

// ADDRESS:PORT in hexadecimal; the address consists of words of four bytes in host byte order.
host::Endpoint endpoint_in(const std::string& text, const SocketTable& table) {
  constexpr std::size_t word_digits = 8;
  constexpr int hexadecimal = 16;
  std::array<std::uint32_t, 4> words{};
  const auto colon = text.find(':');
  for (std::size_t i = 0; i * word_digits < colon && i < words.size(); ++i) {
    words.at(i) = static_cast<std::uint32_t>(
        std::stoul(text.substr(i * word_digits, word_digits), nullptr, hexadecimal));
  }
  std::array<char, INET6_ADDRSTRLEN> address{};
  ::inet_ntop(table.family, words.data(), address.data(), address.size());
  return {
      .kind = table.kind,
      .address = address.data(),
      .port = static_cast<std::uint16_t>(std::stoul(text.substr(colon + 1), nullptr, hexadecimal))};
}

std::vector<host::Endpoint> bound_endpoints() {
  std::vector<host::Endpoint> endpoints;
  for (const auto& table : socket_tables) {
    std::istringstream file(posix::read_all(table.file).value_or(""));
    std::string line;
    std::getline(file, line);  // the names of the columns
    while (std::getline(file, line)) {
      std::istringstream columns(line);
      std::string number;
      std::string local;
      std::string remote;
      std::string state;
      columns >> number >> local >> remote >> state;
      if (state == table.state) {
        endpoints.push_back(endpoint_in(local, table));
      }
    }
  }
  return endpoints;
}

}  // namespace

Census census_of(const OnNode& node) {
  Census census{.processes = {}, .files = {}, .listens = bound_endpoints()};
  for (const int pid : node::all_pids()) {
    if (auto process = process_at(pid, node)) {
      census.processes.push_back(*std::move(process));
    }
  }
  for (const char* const root : {"/run", "/tmp"}) {
    add_files_below(root, census.files);
  }
  std::ranges::sort(census.files, {}, [](const auto& file) { return file.file.path; });
  std::erase_if(census.listens, [&](const auto& endpoint) {
    return std::ranges::find(node.own_endpoints, endpoint) != node.own_endpoints.end();
  });
  return census;
}

}  // namespace conformance
