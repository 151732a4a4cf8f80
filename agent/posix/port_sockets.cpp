#include "agent/posix/port_sockets.h"

#include "agent/base/number.h"
#include "agent/host/result.h"
#include "agent/posix/read_write.h"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <utility>

namespace posix {
namespace {

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (auto begin = line.find_first_not_of(' '); begin != std::string_view::npos;
       begin = line.find_first_not_of(' ')) {
    line.remove_prefix(begin);
    words.push_back(line.substr(0, line.find(' ')));
    line.remove_prefix(words.back().size());
  }
  return words;
}

bool is_zero(std::string_view digits) {
  return digits.find_first_not_of("0:") == std::string_view::npos;
}

// udp(7): of the sockets at a port the one with the most specific address gets the datagram.
bool gets_datagrams_of(const PortSocket& other, const PortSocket& socket) {
  return other.address == socket.address ||
         (is_zero(socket.address) && other.address.size() == socket.address.size());
}

using Directory = std::unique_ptr<DIR, int (*)(DIR*)>;

using TimePoint = std::chrono::steady_clock::time_point;

// The inodes of a process's open sockets, as far as they are found by the deadline: /proc/PID/fd
// has links to "socket:[INODE]".
host::Result<std::set<std::uint64_t>> sockets_of(int pid, TimePoint deadline = TimePoint::max()) {
  const std::string path = "/proc/" + std::to_string(pid) + "/fd";
  const Directory directory(::opendir(path.c_str()), ::closedir);
  if (directory == nullptr) {
    return tl::unexpected(host::error_from(errno, path));
  }
  constexpr std::string_view start = "socket:[";
  std::set<std::uint64_t> inodes;
  while (const dirent* const entry = ::readdir(directory.get())) {
    std::array<char, 64> target = {};
    const ssize_t length =
        ::readlinkat(::dirfd(directory.get()), &entry->d_name[0], target.data(), target.size());
    std::string_view text(target.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
    if (text.starts_with(start) && text.ends_with(']')) {
      text.remove_prefix(start.size());
      text.remove_suffix(1);
      if (const auto inode = base::number_in<std::uint64_t>(text)) {
        inodes.insert(*inode);
      }
    }
    if (std::chrono::steady_clock::now() >= deadline) {
      break;
    }
  }
  return inodes;
}

// The process that has the socket open; 0 if it is not found soon: any user can have many
// processes, which must not delay a monitor.
int process_with(std::uint64_t inode) {
  constexpr std::chrono::milliseconds long_enough(50);
  const auto deadline = std::chrono::steady_clock::now() + long_enough;
  const Directory directory(::opendir("/proc"), ::closedir);
  while (const dirent* const entry = directory ? ::readdir(directory.get()) : nullptr) {
    const auto pid = base::number_in<int>(&entry->d_name[0]);
    if (const auto sockets = pid ? sockets_of(*pid, deadline) : tl::unexpected(host::Error{});
        sockets && sockets->contains(inode)) {
      return *pid;
    }
    if (std::chrono::steady_clock::now() >= deadline) {
      break;
    }
  }
  return 0;
}

host::Result<std::vector<PortSocket>> sockets_at(host::Endpoint::Kind kind, std::uint16_t port,
                                                 Peer peer = Peer::none) {
  const std::string table_path =
      kind == host::Endpoint::Kind::tcp ? "/proc/net/tcp" : "/proc/net/udp";
  std::vector<PortSocket> sockets;
  for (const auto& path : {table_path, table_path + "6"}) {
    const auto table = read_all(path);
    if (!table && table.error().kind != host::ErrorKind::not_found) {  // there may be no IPv6
      return tl::unexpected(table.error());
    }
    std::ranges::move(sockets_in(table.value_or(std::string()), port, peer),
                      std::back_inserter(sockets));
  }
  return sockets;
}

// One socket of each user, since a user can have thousands, and the search for a process takes
// time.
std::vector<host::Rival> told_of(std::span<const PortSocket> sockets) {
  constexpr std::size_t most = 5;
  std::vector<host::Rival> rivals;
  for (const auto& socket : sockets) {
    const bool is_known =
        std::ranges::find(rivals, socket.user, &host::Rival::user) != rivals.end();
    if (rivals.size() < most && !is_known) {
      rivals.push_back({.pid = process_with(socket.inode), .user = socket.user});
    }
  }
  return rivals;
}

}  // namespace

std::vector<PortSocket> sockets_in(std::string_view table, std::uint16_t port, Peer peer) {
  constexpr std::size_t local = 1;
  constexpr std::size_t remote = 2;
  constexpr std::size_t user = 7;
  constexpr std::size_t inode = 9;
  std::array<char, 6> digits = {};
  (void)std::snprintf(digits.data(), digits.size(), ":%04X", static_cast<unsigned>(port));
  const std::string_view end = digits.data();
  std::vector<PortSocket> sockets;
  while (!table.empty()) {
    const auto line = table.substr(0, table.find('\n'));
    table.remove_prefix(std::min(line.size() + 1, table.size()));
    if (line.find(end) == std::string_view::npos) {
      continue;  // most of the lines
    }
    const auto words = words_of(line);
    if (words.size() <= inode || !words[local].ends_with(end) ||
        (peer == Peer::none && !is_zero(words[remote]))) {
      continue;
    }
    const auto owner = base::number_in<std::uint32_t>(words[user]);
    const auto number = base::number_in<std::uint64_t>(words[inode]);
    if (owner && number.value_or(0) > 0) {  // a connection in TIME_WAIT has none
      sockets.push_back(
          {.address = std::string(words[local].substr(0, words[local].size() - end.size())),
           .user = *owner,
           .inode = *number});
    }
  }
  return sockets;
}

host::Result<std::vector<host::Rival>> holders_of(host::Endpoint::Kind kind, std::uint16_t port) {
  auto sockets = sockets_at(kind, port);
  if (sockets && sockets->empty()) {
    sockets = sockets_at(kind, port, Peer::any);  // a connection from the port occupies it, too
  }
  if (!sockets) {
    return tl::unexpected(sockets.error());
  }
  return told_of(*sockets);
}

host::Result<std::vector<host::Rival>> udp_rivals(const host::ProcessId& owner,
                                                  std::uint16_t port) {
  auto sockets = sockets_at(host::Endpoint::Kind::udp, port);
  if (!sockets) {
    return tl::unexpected(sockets.error());
  }
  if (sockets->size() < 2) {
    return std::vector<host::Rival>();
  }
  const auto own = sockets_of(owner.pid);
  if (!own) {
    return tl::unexpected(own.error());
  }
  const auto others =
      std::partition(sockets->begin(), sockets->end(),
                     [&](const PortSocket& socket) { return own->contains(socket.inode); });
  std::vector<PortSocket> rivals;
  std::copy_if(others, sockets->end(), std::back_inserter(rivals), [&](const PortSocket& other) {
    return std::any_of(sockets->begin(), others,
                       [&](const PortSocket& socket) { return gets_datagrams_of(other, socket); });
  });
  return told_of(rivals);
}

}  // namespace posix
