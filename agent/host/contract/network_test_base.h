#pragma once

#include "agent/host/contract/network_world.h"
#include "agent/host/contract/result_assertions.h"
#include "agent/host/contract/world_factory.h"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace host {

inline std::ostream& operator<<(std::ostream& stream, const Connected& event) {
  return stream << "conversation " << static_cast<int>(event.conversation) << " is connected";
}
inline std::ostream& operator<<(std::ostream& stream, const Received& event) {
  return stream << "conversation " << static_cast<int>(event.conversation) << " received "
                << event.bytes.size() << " bytes: " << event.bytes.substr(0, 100);
}
inline std::ostream& operator<<(std::ostream& stream, const Ended& event) {
  return stream << "conversation " << static_cast<int>(event.conversation)
                << " ended: " << event.error.text;
}
inline std::ostream& operator<<(std::ostream& stream, const Silence& /*event*/) {
  return stream << "silence";
}

}  // namespace host

namespace host::contract {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline const char* name_of(Way way) {
  switch (way) {
    case Way::udp_v4:
      return "udp over IPv4";
    case Way::udp_v6:
      return "udp over IPv6";
    case Way::tcp_v4:
      return "tcp over IPv4";
    case Way::tcp_v6:
      return "tcp over IPv6";
    case Way::unix_datagram:
      return "unix_datagram";
    case Way::unix_stream:
      return "unix_stream";
  }
  return "unknown way";
}

// No two of its places look alike, so nothing can be lost, doubled or moved unseen.
inline std::string numbered_text(std::size_t size) {
  std::string text;
  text.reserve(size + 16);
  for (int number = 0; text.size() < size; ++number) {
    text += std::to_string(number) + ' ';
  }
  text.resize(size);
  return text;
}

class NetworkTest : public ContractTest<NetworkWorld> {
 protected:
  using Ways = std::vector<Way>;

  static Ways all_ways() {
    return {Way::udp_v4, Way::udp_v6,        Way::tcp_v4,
            Way::tcp_v6, Way::unix_datagram, Way::unix_stream};
  }
  static Ways datagrams() { return {Way::udp_v4, Way::udp_v6, Way::unix_datagram}; }
  static Ways udp() { return {Way::udp_v4, Way::udp_v6}; }
  static Ways streams() { return {Way::tcp_v4, Way::tcp_v6, Way::unix_stream}; }
  static Ways unix_sockets() { return {Way::unix_datagram, Way::unix_stream}; }
  static Ways tcp() { return {Way::tcp_v4, Way::tcp_v6}; }

  static bool is_stream(NetworkPeer& peer) { return host::is_stream(peer.endpoint().kind); }

  // Acts once for each way that the machine has, each time with a fresh Network.
  void on_each(const Ways& ways, const std::function<void(Way)>& act) {
    for (const Way way : ways) {
      if (world().has(way)) {
        SCOPED_TRACE(name_of(way));
        world().renew_network();
        act(way);
      }
    }
  }

  [[nodiscard]] Network& network() { return world().network(); }
  [[nodiscard]] TimePoint now() { return world().clock().now(); }
  [[nodiscard]] TimePoint in(Duration duration) { return now() + duration; }

  // What happens before long.
  [[nodiscard]] NetworkEvent next() { return network().next(in(seconds(20))); }

  // Whether nothing happens, as far as one can wait for that.
  [[nodiscard]] testing::AssertionResult stays_silent() {
    const NetworkEvent event = network().next(in(milliseconds(50)));
    if (std::holds_alternative<Silence>(event)) {
      return testing::AssertionSuccess();
    }
    return testing::AssertionFailure() << testing::PrintToString(event);
  }

  [[nodiscard]] testing::AssertionResult ends(Conversation conversation) {
    const NetworkEvent event = next();
    const auto* ended = std::get_if<Ended>(&event);
    if (ended == nullptr || ended->conversation != conversation) {
      return testing::AssertionFailure() << testing::PrintToString(event);
    }
    if (ended->error.text.empty()) {
      return testing::AssertionFailure() << "it does not say why it ended";
    }
    return testing::AssertionSuccess();
  }

  [[nodiscard]] Conversation open(const Endpoint& endpoint) {
    const auto conversation = network().open(endpoint);
    EXPECT_TRUE(succeeds(conversation));
    return conversation.value_or(Conversation(-1));
  }

  // A conversation that may send: a stream has said that it is connected.
  [[nodiscard]] Conversation talk_to(NetworkPeer& peer) {
    const Conversation conversation = open(peer.endpoint());
    if (is_stream(peer)) {
      EXPECT_EQ(next(), NetworkEvent(Connected{.conversation = conversation}));
    }
    return conversation;
  }

  // The peer knows from then on where to send answers.
  void greet(Conversation conversation, NetworkPeer& peer) {
    ASSERT_TRUE(succeeds(network().send(conversation, "hello")));
    EXPECT_EQ(is_stream(peer) ? peer.take(5) : peer.take_datagram(), "hello");
  }

  // What comes in this conversation, the only one, until it has that size or something else
  // happens.
  [[nodiscard]] std::string received(Conversation conversation, std::size_t size) {
    std::string bytes;
    while (bytes.size() < size) {
      const NetworkEvent event = next();
      const auto* piece = std::get_if<Received>(&event);
      if (piece == nullptr || piece->conversation != conversation || piece->bytes.empty()) {
        ADD_FAILURE() << testing::PrintToString(event) << " after " << bytes.size() << " bytes";
        break;
      }
      bytes += piece->bytes;
    }
    return bytes;
  }

  // What the peer takes while this end waits for events, of which there are none.
  [[nodiscard]] std::string taken(NetworkPeer& peer, std::size_t size) {
    std::string bytes;
    const TimePoint deadline = in(seconds(30));
    while (bytes.size() < size && now() < deadline) {
      const NetworkEvent event = network().next(in(milliseconds(1)));
      if (!std::holds_alternative<Silence>(event)) {
        ADD_FAILURE() << testing::PrintToString(event) << " after " << bytes.size() << " bytes";
        break;
      }
      bytes += peer.take_arrived();
    }
    return bytes;
  }
};

}  // namespace host::contract
