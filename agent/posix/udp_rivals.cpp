#include "agent/posix/udp_rivals.h"

#include "agent/host/errno.h"
#include "agent/posix/parse_number.h"
#include "agent/posix/read_all.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace posix {
namespace {

// An address as the tables spell it: each 32-bit word of it in the machine's byte order, in
// hexadecimal digits.
std::string spelled(const void* address, std::size_t size) {
  std::string text;
  for (std::size_t at = 0; at < size; at += sizeof(std::uint32_t)) {
    std::uint32_t word = 0;
    std::memcpy(&word, static_cast<const char*>(address) + at, sizeof word);
    std::array<char, 9> digits = {};
    (void)std::snprintf(digits.data(), digits.size(), "%08X", word);
    text += digits.data();
  }
  return text;
}

std::string spelled(const std::string& address) {
  in_addr ipv4 = {};
  if (::inet_pton(AF_INET, address.c_str(), &ipv4) == 1) {
    return spelled(&ipv4, sizeof ipv4);
  }
  in6_addr ipv6 = {};
  return ::inet_pton(AF_INET6, address.c_str(), &ipv6) == 1 ? spelled(&ipv6, sizeof ipv6)
                                                            : std::string();
}

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

using Directory = std::unique_ptr<DIR, int (*)(DIR*)>;

using TimePoint = std::chrono::steady_clock::time_point;

// The inodes of the sockets that a process has open: /proc/PID/fd has links to "socket:[INODE]".
// Those that are found by the deadline.
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
      if (const auto inode = parse_number<std::uint64_t>(text)) {
        inodes.insert(*inode);
      }
    }
    if (std::chrono::steady_clock::now() >= deadline) {
      break;
    }
  }
  return inodes;
}

// The process that has the socket; 0 if it is not found soon: any user can have many processes, and
// must not be able to hold a monitor up with them.
int process_with(std::uint64_t inode) {
  constexpr std::chrono::milliseconds long_enough(50);
  const auto deadline = std::chrono::steady_clock::now() + long_enough;
  const Directory directory(::opendir("/proc"), ::closedir);
  while (const dirent* const entry = directory ? ::readdir(directory.get()) : nullptr) {
    const auto pid = parse_number<int>(&entry->d_name[0]);
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

}  // namespace

std::vector<UdpSocket> sockets_in(std::string_view table, const host::Endpoint& endpoint) {
  constexpr std::size_t local = 1;
  constexpr std::size_t remote = 2;
  constexpr std::size_t user = 7;
  constexpr std::size_t inode = 9;
  std::array<char, 6> digits = {};
  (void)std::snprintf(digits.data(), digits.size(), ":%04X", static_cast<unsigned>(endpoint.port));
  const std::string_view port = digits.data();
  const std::string wanted = spelled(endpoint.address);
  std::vector<UdpSocket> sockets;
  while (!table.empty()) {
    const auto line = table.substr(0, table.find('\n'));
    table.remove_prefix(std::min(line.size() + 1, table.size()));
    if (line.find(port) == std::string_view::npos) {
      continue;  // most of the lines
    }
    const auto words = words_of(line);
    if (words.size() <= inode || !words[local].ends_with(port) || !is_zero(words[remote])) {
      continue;
    }
    const auto address = words[local].substr(0, words[local].size() - port.size());
    const auto owner = parse_number<std::uint32_t>(words[user]);
    const auto number = parse_number<std::uint64_t>(words[inode]);
    if (owner && number && (address == wanted || is_zero(address))) {
      sockets.push_back({.is_bound_to_any = is_zero(address), .user = *owner, .inode = *number});
    }
  }
  return sockets;
}

host::Result<std::vector<host::Rival>> udp_rivals(const host::ProcessId& owner,
                                                  const host::Endpoint& endpoint) {
  const bool is_ipv6 = endpoint.address.find(':') != std::string::npos;
  const auto table = read_all(is_ipv6 ? "/proc/net/udp6" : "/proc/net/udp");
  if (!table) {
    return tl::unexpected(table.error());
  }
  const auto sockets = sockets_in(*table, endpoint);
  if (sockets.size() < 2) {
    return std::vector<host::Rival>();
  }
  const auto own = sockets_of(owner.pid);
  if (!own) {
    return tl::unexpected(own.error());
  }
  constexpr std::size_t most = 5;  // rivals to tell of
  const auto is_own = [&](const UdpSocket& socket) { return own->contains(socket.inode); };
  const bool is_own_exact = std::ranges::any_of(
      sockets, [&](const UdpSocket& socket) { return is_own(socket) && !socket.is_bound_to_any; });
  std::vector<host::Rival> rivals;
  for (const auto& socket : sockets) {
    // One user can have thousands, and the search for a process takes its time.
    const bool is_known =
        std::ranges::find(rivals, socket.user, &host::Rival::user) != rivals.end();
    // udp(7): the most specific address gets the datagram.
    const bool is_outdone = socket.is_bound_to_any && is_own_exact;
    if (rivals.size() < most && !is_known && !is_own(socket) && !is_outdone) {
      rivals.push_back({.pid = process_with(socket.inode), .user = socket.user});
    }
  }
  return rivals;
}

}  // namespace posix
