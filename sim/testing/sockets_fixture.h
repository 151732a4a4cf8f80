#pragma once

#include "sim/kernel/random.h"
#include "sim/kernel/scheduler.h"
#include "sim/machine/files.h"
#include "sim/machine/sockets.h"
#include "sim/machine/system_call.h"
#include "sim/testing/error_of.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sim::testing {

using host::Endpoint;

inline constexpr std::size_t ample = 1 << 20;

inline Endpoint udp(const std::string& address, std::uint16_t port) {
  return {.kind = Endpoint::Kind::udp, .address = address, .port = port};
}
inline Endpoint tcp(const std::string& address, std::uint16_t port) {
  return {.kind = Endpoint::Kind::tcp, .address = address, .port = port};
}
inline Endpoint unix_datagram(const std::string& path) {
  return {.kind = Endpoint::Kind::unix_datagram, .address = path};
}
inline Endpoint unix_stream(const std::string& path) {
  return {.kind = Endpoint::Kind::unix_stream, .address = path};
}

// A machine that has only its network, and 192.0.2.1 (RFC 5737).
class SocketsTest : public ::testing::Test {
 protected:
  using SharedSocket = std::shared_ptr<Socket>;

  SocketsTest() {
    sockets->add_address("192.0.2.1");
    (void)files.mkdir("/run", 0777, {.creation_mask = 0});
  }

  void pass(Duration duration) { time.pass_until(time.now() + duration); }
  void let_arrive() { pass(std::chrono::milliseconds(1)); }

  SharedSocket listen(const Endpoint& endpoint, int backlog = 5) {
    return sockets->listen(endpoint, root, backlog).value();
  }
  SharedSocket connect(const Endpoint& endpoint) {
    return sockets->connect(endpoint, root).value();
  }
  int error_of_listen(const Endpoint& endpoint, const Identity& who = {}) {
    return error_of(sockets->listen(endpoint, who));
  }
  int error_of_connect(const Endpoint& endpoint, const Identity& who = {}) {
    return error_of(sockets->connect(endpoint, who));
  }

  struct Pair {
    SharedSocket client;
    SharedSocket server;
  };
  Pair connected(const Endpoint& endpoint) {
    const auto listener = listen(endpoint);
    auto client = connect(endpoint);
    let_arrive();
    return {.client = std::move(client), .server = listener->accept().value()};
  }

  static std::size_t send(const SharedSocket& socket, std::string_view bytes) {
    return socket->send(bytes).value_or(0);
  }
  // "nothing" instead of bytes if there are none, "end" at the end of a stream.
  static std::string received(const SharedSocket& socket, std::size_t limit = ample) {
    const auto bytes = socket->receive(limit);
    if (!bytes) {
      return bytes.error() == EAGAIN ? "nothing" : "errno " + std::to_string(bytes.error());
    }
    return bytes->empty() ? "end" : *bytes;
  }
  // Reads until nothing is left.
  static std::vector<std::string> all_received(const SharedSocket& socket) {
    std::vector<std::string> all;
    while (const auto bytes = socket->receive(ample)) {
      if (bytes->empty()) {
        break;
      }
      all.push_back(*bytes);
    }
    return all;
  }
  // The time until the socket is ready.
  Duration time_until_readable(const SharedSocket& socket) {
    const auto start = time.now();
    time.pass_until(start + std::chrono::hours(1), [&] { return socket->is_readable(); });
    return time.now() - start;
  }

  static constexpr Identity root = {};
  static constexpr Identity alice = {.user = 1000, .group = 1000};

  Scheduler time;                                                      // NOLINT: GoogleTest's way
  SeededRandom random{1};                                              // NOLINT: GoogleTest's way
  Files files;                                                         // NOLINT: GoogleTest's way
  std::optional<Sockets> sockets{std::in_place, time, random, files};  // NOLINT: GoogleTest's way
};

}  // namespace sim::testing
