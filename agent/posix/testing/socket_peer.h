#pragma once

#include "agent/host/contract/network_contract.h"
#include "agent/posix/descriptor.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

namespace posix::testing {

using host::Endpoint;
using host::contract::Way;

[[noreturn]] inline void throw_error(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

inline void check(int result, const std::string& what) {
  if (result < 0) {
    throw_error(what);
  }
}

inline Endpoint::Kind kind_of(Way way) {
  switch (way) {
    case Way::udp_v4:
    case Way::udp_v6:
      return Endpoint::Kind::udp;
    case Way::tcp_v4:
    case Way::tcp_v6:
      return Endpoint::Kind::tcp;
    case Way::unix_datagram:
      return Endpoint::Kind::unix_datagram;
    case Way::unix_stream:
      return Endpoint::Kind::unix_stream;
  }
  return {};
}

inline bool is_stream(Way way) {
  return kind_of(way) == Endpoint::Kind::tcp || kind_of(way) == Endpoint::Kind::unix_stream;
}

// A socket address of any family.
struct Address {
  sockaddr_storage storage = {};
  socklen_t size = sizeof storage;

  [[nodiscard]] sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
  template <typename Specific>
  [[nodiscard]] Specific as() const {
    Specific specific = {};
    std::memcpy(&specific, &storage, sizeof specific);
    return specific;
  }
  template <typename Specific>
  static Address of(const Specific& specific) {
    Address address;
    std::memcpy(&address.storage, &specific, sizeof specific);
    address.size = sizeof specific;
    return address;
  }
};

// An address of this machine, with any free port.
inline Address local_address(Way way, const std::string& path) {
  switch (way) {
    case Way::udp_v4:
    case Way::tcp_v4:
      return Address::of(sockaddr_in{.sin_family = AF_INET,
                                     .sin_port = 0,
                                     .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
                                     .sin_zero = {}});
    case Way::udp_v6:
    case Way::tcp_v6: {
      sockaddr_in6 address = {};
      address.sin6_family = AF_INET6;
      address.sin6_addr = in6addr_loopback;
      return Address::of(address);
    }
    case Way::unix_datagram:
    case Way::unix_stream: {
      sockaddr_un address = {};
      address.sun_family = AF_UNIX;
      path.copy(&address.sun_path[0], sizeof address.sun_path - 1);
      return Address::of(address);
    }
  }
  return {};
}

// Only for udp and tcp.
inline Endpoint spelled(Endpoint::Kind kind, const Address& address) {
  std::string text(INET6_ADDRSTRLEN, '\0');
  const bool is_v4 = address.storage.ss_family == AF_INET;
  const auto v4 = address.as<sockaddr_in>();
  const auto v6 = address.as<sockaddr_in6>();
  ::inet_ntop(address.storage.ss_family,
              is_v4 ? static_cast<const void*>(&v4.sin_addr) : &v6.sin6_addr, text.data(),
              INET6_ADDRSTRLEN);
  text.resize(text.find('\0'));
  return {.kind = kind, .address = text, .port = ntohs(is_v4 ? v4.sin_port : v6.sin6_port)};
}

inline Descriptor new_socket(Way way, int family) {
  Descriptor socket(
      ::socket(family, (is_stream(way) ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0));
  check(socket.get(), "socket");
  return socket;
}

struct Bound {
  Descriptor socket;
  Address address;
  Endpoint endpoint;
};

inline Bound bind(Way way, const std::string& path) {
  Address address = local_address(way, path);
  Bound bound{.socket = new_socket(way, address.storage.ss_family),
              .address = address,
              .endpoint = {.kind = kind_of(way), .address = path}};
  check(::bind(bound.socket.get(), address.get(), address.size), "bind");
  if (address.storage.ss_family == AF_UNIX) {
    return bound;
  }
  check(::getsockname(bound.socket.get(), bound.address.get(), &bound.address.size), "getsockname");
  bound.endpoint = spelled(kind_of(way), bound.address);
  return bound;
}

// Returns false after a long time.
inline bool becomes_ready(const Descriptor& socket, int16_t events) {
  pollfd ready = {.fd = socket.get(), .events = events, .revents = 0};
  int count = -1;
  do {
    count = ::poll(&ready, 1, 20'000);
  } while (count < 0 && errno == EINTR);
  return count > 0;
}

// A peer with a socket of its own on this machine.
class SocketPeer final : public host::contract::NetworkPeer {
 public:
  SocketPeer(Way way, const std::string& path) : is_stream_(is_stream(way)) {
    Bound bound = bind(way, path);
    endpoint_ = bound.endpoint;
    if (is_stream_) {
      listener_ = std::move(bound.socket);
      check(::listen(listener_.get(), 5), "listen");
    } else {
      socket_ = std::move(bound.socket);
    }
  }
  SocketPeer(const SocketPeer&) = delete;
  SocketPeer& operator=(const SocketPeer&) = delete;
  ~SocketPeer() override { join(); }

  Endpoint endpoint() override { return endpoint_; }

  std::string take_datagram() override {
    std::string bytes(70'000, '\0');
    if (!becomes_ready(socket_, POLLIN)) {
      return "no datagram";
    }
    sender_.size = sizeof sender_.storage;
    const auto size = ::recvfrom(socket_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT,
                                 sender_.get(), &sender_.size);
    check(static_cast<int>(size), "recvfrom");
    bytes.resize(static_cast<std::size_t>(size));
    return bytes;
  }
  std::string take(std::size_t size) override {
    std::string bytes;
    while (bytes.size() < size && becomes_ready(stream(), POLLIN)) {
      const std::string more = take_up_to(size - bytes.size());
      if (more.empty()) {
        break;
      }
      bytes += more;
    }
    return bytes;
  }
  std::string take_arrived() override { return take_up_to(16'000'000); }
  bool sees_end() override {
    while (becomes_ready(stream(), POLLIN)) {
      if (take_up_to(1'000'000).empty()) {
        return true;
      }
    }
    return false;
  }

  Endpoint other_end() override {
    Address address = sender_;
    if (is_stream_) {
      check(::getpeername(stream().get(), address.get(), &address.size), "getpeername");
    }
    return spelled(endpoint_.kind, address);
  }

  void send(std::string_view bytes) override {
    if (write(bytes) != static_cast<ssize_t>(bytes.size())) {
      throw_error("send");
    }
  }
  std::size_t send_some(std::string_view bytes) override {
    const auto size = write(bytes);
    return size > 0 ? static_cast<std::size_t>(size) : 0;
  }
  void send_later(host::Duration delay, const std::string& bytes) override {
    (void)stream();
    thread_ = std::thread([this, delay, bytes] {
      std::this_thread::sleep_for(delay);
      (void)write(bytes);
    });
  }
  void chatter(const std::string& bytes) override {
    (void)stream();
    thread_ = std::thread([this, bytes] {
      while (!is_finished_ && (write(bytes) >= 0 || errno == EAGAIN)) {
      }
    });
  }

  void close() override {
    if (is_stream_) {
      (void)stream();
    }
    socket_.reset();
    listener_.reset();
  }
  void reset() override {
    const linger at_once = {.l_onoff = 1, .l_linger = 0};
    check(::setsockopt(stream().get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once),
          "setsockopt");
    close();
  }

 private:
  // The connection, once there is one; for a datagram peer its only socket.
  const Descriptor& stream() {
    if (is_stream_ && !socket_.is_open() && becomes_ready(listener_, POLLIN)) {
      socket_ = Descriptor(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      check(socket_.get(), "accept4");
    }
    return socket_;
  }

  // Nothing at the end of the stream, or if nothing has arrived.
  std::string take_up_to(std::size_t size) {
    std::string bytes(size, '\0');
    const auto count = ::recv(stream().get(), bytes.data(), size, MSG_DONTWAIT);
    bytes.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return bytes;
  }

  ssize_t write(std::string_view bytes) {
    constexpr int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
    return is_stream_ ? ::send(stream().get(), bytes.data(), bytes.size(), flags)
                      : ::sendto(socket_.get(), bytes.data(), bytes.size(), flags, sender_.get(),
                                 sender_.size);
  }

  void join() {
    is_finished_ = true;
    if (thread_.joinable()) {
      thread_.join();
    }
  }

  bool is_stream_;
  Endpoint endpoint_;
  Descriptor listener_;
  Descriptor socket_;
  Address sender_;
  std::atomic<bool> is_finished_ = false;
  std::thread thread_;
};

}  // namespace posix::testing
