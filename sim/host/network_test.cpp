#include "sim/host/network.h"

#include "agent/host/contract/network_contract.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sim {
namespace {

using host::Endpoint;
using host::contract::Way;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Identity as_root = {};

Endpoint::Kind kind_of(Way way) {
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

bool is_stream(Way way) {
  return kind_of(way) == Endpoint::Kind::tcp || kind_of(way) == Endpoint::Kind::unix_stream;
}

template <typename T>
T must(Errno<T> result) {
  if (!result) {
    throw std::logic_error("errno " + std::to_string(result.error()));
  }
  if constexpr (!std::is_void_v<T>) {
    return *std::move(result);
  }
}

class TestClock final : public host::Clock {
 public:
  explicit TestClock(Scheduler& time) : time_(time) {}
  [[nodiscard]] host::TimePoint now() const override { return time_.now(); }
  void sleep_until(host::TimePoint moment) override { time_.pass_until(moment); }

 private:
  Scheduler& time_;
};

// A peer that is not a process, but lets time pass like one.
class SimPeer final : public host::contract::NetworkPeer {
 public:
  SimPeer(Scheduler& time, Sockets& sockets, Way way, const Endpoint& endpoint)
      : time_(time), is_stream_(is_stream(way)) {
    auto socket = must(sockets.listen(endpoint, as_root, 5));
    endpoint_ = must(socket->local_endpoint());
    (is_stream_ ? listener_ : socket_) = std::move(socket);
  }

  Endpoint endpoint() override { return endpoint_; }

  std::string take_datagram() override {
    if (!becomes_readable(*socket_)) {
      return "no datagram";
    }
    auto datagram = must(socket_->receive_from(70'000));
    sender_ = datagram.from;
    return std::move(datagram.bytes);
  }
  std::string take(std::size_t size) override {
    std::string bytes;
    while (bytes.size() < size && becomes_readable(stream())) {
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
    while (becomes_readable(stream())) {
      if (take_up_to(1'000'000).empty()) {
        return true;
      }
    }
    return false;
  }

  Endpoint other_end() override { return is_stream_ ? must(stream().peer_endpoint()) : sender_; }

  void send(std::string_view bytes) override {
    if (must(write(bytes)) != bytes.size()) {
      throw std::logic_error("no room");
    }
    let_it_arrive();
  }
  std::size_t send_some(std::string_view bytes) override {
    const auto size = write(bytes).value_or(0);
    let_it_arrive();
    return size;
  }
  void send_later(host::Duration delay, const std::string& bytes) override {
    (void)stream();
    time_.in(delay, [this, alive = std::weak_ptr(life_), bytes] {
      if (!alive.expired()) {
        (void)write(bytes);
      }
    });
  }
  void chatter(const std::string& bytes) override {
    (void)stream();
    say_again(bytes);
  }

  void close() override {
    if (is_stream_) {
      (void)stream();
    }
    socket_.reset();
    listener_.reset();
    let_it_arrive();
  }
  void reset() override {
    stream().reset();
    close();
  }

 private:
  bool becomes_readable(const Socket& socket) {
    return time_.pass_until(time_.now() + seconds(20), [&] { return socket.is_readable(); });
  }
  void let_it_arrive() { time_.pass_until(time_.now() + microseconds(100)); }

  // The connection, as soon as it exists; for a datagram peer, its only socket.
  Socket& stream() {
    if (!socket_ && becomes_readable(*listener_)) {
      socket_ = must(listener_->accept());
    }
    if (!socket_) {
      throw std::logic_error("nobody has connected");
    }
    return *socket_;
  }

  // Empty at the end of the stream, or if no data have arrived.
  std::string take_up_to(std::size_t size) { return stream().receive(size).value_or(""); }

  Errno<std::size_t> write(std::string_view bytes) {
    return is_stream_ ? stream().send(bytes) : socket_->send_to(bytes, sender_);
  }

  void say_again(const std::string& bytes) {
    time_.in(microseconds(1), [this, alive = std::weak_ptr(life_), bytes] {
      if (alive.expired() || !socket_) {
        return;
      }
      const auto written = write(bytes);
      if (written || written.error() == EAGAIN) {
        say_again(bytes);
      }
    });
  }

  Scheduler& time_;
  bool is_stream_;
  Endpoint endpoint_;
  std::shared_ptr<Socket> listener_;
  std::shared_ptr<Socket> socket_;
  Endpoint sender_;
  std::shared_ptr<int> life_ = std::make_shared<int>();
};

class SimNetworkWorld final : public host::contract::NetworkWorld {
 public:
  SimNetworkWorld() { must(files_.mkdir(directory(), 0755, as_root)); }

  host::Network& network() override { return *network_; }
  host::Clock& clock() override { return clock_; }
  void renew_network() override { network_ = make_network(); }

  bool has(Way /*way*/) override { return true; }

  std::unique_ptr<host::contract::NetworkPeer> peer(Way way) override {
    return std::make_unique<SimPeer>(time_, sockets_, way, new_endpoint(way));
  }

  Endpoint deserted(Way way) override {
    return must(must(sockets_.listen(new_endpoint(way), as_root))->local_endpoint());
  }

  Endpoint crowded(Way way) override {
    auto listener = must(sockets_.listen(new_endpoint(way), as_root, 0));
    auto endpoint = must(listener->local_endpoint());
    for (int visitor = 0; visitor < 4; ++visitor) {
      if (auto socket = sockets_.connect(endpoint, as_root)) {
        kept_.push_back(*std::move(socket));
      }
    }
    kept_.push_back(std::move(listener));
    time_.pass_until(time_.now() + milliseconds(1));
    return endpoint;
  }

  std::string directory() override { return "/sockets"; }
  std::set<std::string> files_of_sockets() override {
    const auto names = must(files_.list(directory(), as_root));
    return {names.begin(), names.end()};
  }
  void make_private(const Endpoint& endpoint) override {
    must(files_.chmod(endpoint.address, 0600, as_root));
  }

  bool has_root() override { return true; }
  void as_ordinary_user(const std::function<void()>& act) override {
    const auto former = std::exchange(identity_, {.user = 1000, .group = 1000});
    act();
    identity_ = former;
  }

  // A wait of this machine is never interrupted, but checks again at each signal.
  void while_signals_arrive(const std::function<void()>& act) override {
    const auto signals = std::make_shared<int>();
    interrupt(signals);
    act();
  }

 private:
  std::unique_ptr<SimNetwork> make_network() {
    return std::make_unique<SimNetwork>(time_, sockets_, identity_);
  }

  Endpoint new_endpoint(Way way) {
    switch (way) {
      case Way::udp_v4:
      case Way::tcp_v4:
        return {.kind = kind_of(way), .address = "127.0.0.1"};
      case Way::udp_v6:
      case Way::tcp_v6:
        return {.kind = kind_of(way), .address = "::1"};
      case Way::unix_datagram:
      case Way::unix_stream:
        return {.kind = kind_of(way),
                .address = directory() + "/socket" + std::to_string(++last_path_)};
    }
    return {};
  }

  void interrupt(const std::weak_ptr<int>& signals) {
    time_.in(microseconds(100), [this, signals] {
      if (!signals.expired()) {
        interrupt(signals);
      }
    });
  }

  Scheduler time_;
  SeededRandom random_{1};
  Files files_;
  Sockets sockets_{time_, random_, files_};
  Identity identity_;
  TestClock clock_{time_};
  int last_path_ = 0;
  std::vector<std::shared_ptr<Socket>> kept_;
  std::unique_ptr<SimNetwork> network_ = make_network();
};

// States that only a simulated machine can be in, and their error texts.
class SimNetworkTest : public testing::Test {
 protected:
  std::string end_of(const Endpoint& endpoint) {
    const auto conversation = network.open(endpoint);
    if (!conversation) {
      return "not opened: " + conversation.error().text;
    }
    (void)network.send(*conversation, "anybody?");
    const auto event = network.next(time.now() + std::chrono::hours(1));
    const auto* const ended = std::get_if<host::Ended>(&event);
    return ended == nullptr ? "it did not end" : ended->error.text;
  }

  Scheduler time;                                     // NOLINT: GoogleTest's way
  SeededRandom random{1};                             // NOLINT: GoogleTest's way
  Files files;                                        // NOLINT: GoogleTest's way
  Sockets sockets{time, random, files};               // NOLINT: GoogleTest's way
  SimNetwork network{time, sockets, as_root};         // NOLINT: GoogleTest's way
  const Endpoint udp = {.kind = Endpoint::Kind::udp,  // NOLINT: GoogleTest's way
                        .address = "192.0.2.1",
                        .port = 5060};
  const Endpoint tcp = {.kind = Endpoint::Kind::tcp,  // NOLINT: GoogleTest's way
                        .address = "192.0.2.1",
                        .port = 5060};
};

TEST_F(SimNetworkTest, SaysWhatTheRealSystemSays) {
  sockets.add_address("192.0.2.1");
  EXPECT_EQ(end_of(udp), "udp:192.0.2.1:5060: Connection refused");
  EXPECT_EQ(end_of(tcp), "tcp:192.0.2.1:5060: Connection refused");
  EXPECT_EQ(end_of({.kind = Endpoint::Kind::unix_stream, .address = "/missing"}),
            "not opened: /missing: No such file or directory");
  EXPECT_EQ(end_of({.kind = Endpoint::Kind::udp, .address = "localhost", .port = 5060}),
            "not opened: udp:localhost:5060: not an IP address");
}

TEST_F(SimNetworkTest, SaysThatThereIsNoRoute) {
  sockets.set_default_route({.error = ENETUNREACH});
  EXPECT_EQ(end_of(udp), "not opened: udp:192.0.2.1:5060: Network is unreachable");
  EXPECT_EQ(end_of(tcp), "tcp:192.0.2.1:5060: Network is unreachable");
}

TEST_F(SimNetworkTest, SaysThatNobodyAnswersForTheAddress) {
  EXPECT_EQ(end_of(tcp), "tcp:192.0.2.1:5060: Connection timed out");
  sockets.set_route("192.0.2.1", {.error = EHOSTUNREACH, .after = seconds(3)});
  EXPECT_EQ(end_of(tcp), "tcp:192.0.2.1:5060: No route to host");
}

TEST_F(SimNetworkTest, LetsItsProcessWait) {
  int waits = 0;
  SimNetwork other(
      [&](TimePoint deadline, const std::function<bool()>& condition) {
        ++waits;
        return time.pass_until(deadline, condition);
      },
      sockets, as_root);
  EXPECT_EQ(other.next(time.now() + seconds(1)), host::NetworkEvent(host::Silence{}));
  EXPECT_EQ(waits, 1);
}

}  // namespace
}  // namespace sim

namespace host::contract {

const WorldFactory<NetworkWorld> simulated_network = {
    "simulated", [] { return std::make_unique<sim::SimNetworkWorld>(); }};

INSTANTIATE_TEST_SUITE_P(Sim, NetworkOpenContract, testing::Values(simulated_network));
INSTANTIATE_TEST_SUITE_P(Sim, NetworkPermissionContract, testing::Values(simulated_network));
INSTANTIATE_TEST_SUITE_P(Sim, NetworkLocalEndpointContract, testing::Values(simulated_network));
INSTANTIATE_TEST_SUITE_P(Sim, NetworkWaitContract, testing::Values(simulated_network));
INSTANTIATE_TEST_SUITE_P(Sim, ConversationsSideBySideContract, testing::Values(simulated_network));
INSTANTIATE_TEST_SUITE_P(Sim, NetworkCloseContract, testing::Values(simulated_network));
INSTANTIATE_TEST_SUITE_P(Sim, DatagramContract, testing::Values(simulated_network));
INSTANTIATE_TEST_SUITE_P(Sim, StreamContract, testing::Values(simulated_network));
INSTANTIATE_TEST_SUITE_P(Sim, StreamEndContract, testing::Values(simulated_network));

}  // namespace host::contract
