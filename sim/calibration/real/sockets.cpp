#include "sim/calibration/real/sockets.h"

#include "sim/calibration/ground.h"
#include "sim/calibration/words.h"

#include <arpa/inet.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

namespace calibration {
namespace {

struct Table {
  const char* file;
  Transport transport;
  int family;
  std::string_view state;
};

// proc(5): the states of a UDP socket that is not connected, and of a TCP socket that listens.
constexpr std::array<Table, 4> tables = {{{"/proc/net/udp", Transport::udp, AF_INET, "07"},
                                          {"/proc/net/tcp", Transport::tcp, AF_INET, "0A"},
                                          {"/proc/net/udp6", Transport::udp, AF_INET6, "07"},
                                          {"/proc/net/tcp6", Transport::tcp, AF_INET6, "0A"}}};

// ADDRESS:PORT in hexadecimal, the address as words of four bytes in the machine's order.
Endpoint endpoint_in(const std::string& text, const Table& table) {
  constexpr std::size_t word_digits = 8;
  std::array<std::uint32_t, 4> words{};
  const auto colon = text.find(':');
  for (std::size_t i = 0; i * word_digits < colon && i < words.size(); ++i) {
    words.at(i) = static_cast<std::uint32_t>(
        std::stoul(text.substr(i * word_digits, word_digits), nullptr, 16));
  }
  std::array<char, INET6_ADDRSTRLEN> address{};
  ::inet_ntop(table.family, words.data(), address.data(), address.size());
  return {.transport = table.transport,
          .address = address.data(),
          .port = std::stoi(text.substr(colon + 1), nullptr, 16)};
}

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { ::close(descriptor_); }

  [[nodiscard]] int get() const { return descriptor_; }

 private:
  int descriptor_;
};

}  // namespace

std::vector<Endpoint> bound_endpoints() {
  std::vector<Endpoint> endpoints;
  for (const auto& table : tables) {
    std::ifstream file(table.file);
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
  // One of several processes that share a port has more than one socket there.
  const auto less = [](const Endpoint& left, const Endpoint& right) {
    return word_of(left) < word_of(right);
  };
  std::ranges::sort(endpoints, less);
  endpoints.erase(std::unique(endpoints.begin(), endpoints.end()), endpoints.end());
  return endpoints;
}

const sockaddr* SocketAddress::get() const {
  return reinterpret_cast<const sockaddr*>(&storage);  // as POSIX has it
}

SocketAddress socket_address(const Endpoint& endpoint) {
  SocketAddress address;
  sockaddr_in v4{.sin_family = AF_INET,
                 .sin_port = htons(static_cast<std::uint16_t>(endpoint.port))};
  sockaddr_in6 v6{.sin6_family = AF_INET6,
                  .sin6_port = htons(static_cast<std::uint16_t>(endpoint.port))};
  if (::inet_pton(AF_INET, endpoint.address.c_str(), &v4.sin_addr) == 1) {
    std::memcpy(&address.storage, &v4, sizeof v4);
    address.size = sizeof v4;
  } else if (::inet_pton(AF_INET6, endpoint.address.c_str(), &v6.sin6_addr) == 1) {
    std::memcpy(&address.storage, &v6, sizeof v6);
    address.size = sizeof v6;
  }
  return address;
}

int socket_type(Transport transport) {
  return (transport == Transport::udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC;
}

Answered ask(const Endpoint& at, Duration lasts) {
  const auto address = socket_address(at);
  const Socket socket(::socket(address.storage.ss_family, socket_type(at.transport), 0));
  if (::connect(socket.get(), address.get(), address.size) != 0) {
    return {errno == ECONNREFUSED ? "refused" : std::strerror(errno)};
  }
  const auto request = request_to(at);
  if (::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) {
    return {std::strerror(errno)};
  }
  pollfd waiting{.fd = socket.get(), .events = POLLIN};
  if (::poll(&waiting, 1, static_cast<int>(lasts.count())) <= 0) {
    return {"nothing"};
  }
  std::array<char, 4096> buffer{};
  const auto size = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
  if (size < 0) {
    return {errno == ECONNREFUSED ? "refused" : std::strerror(errno)};
  }
  const std::string_view response(buffer.data(), static_cast<std::size_t>(size));
  return {size == 0 ? "closed" : std::string(response.substr(0, response.find('\r')))};
}

}  // namespace calibration
