#pragma once

#include "agent/host/clock.h"
#include "agent/host/contract/contract_test.h"
#include "agent/host/network.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace host::contract {

// The kind of a conversation.
enum class Way { udp_v4, udp_v6, tcp_v4, tcp_v6, unix_datagram, unix_stream };

// The other end of one conversation. It reads only on request of a test; until then its machine
// queues as much as fits. Functions that wait give up after a short time.
class NetworkPeer {
 public:
  virtual ~NetworkPeer() = default;

  [[nodiscard]] virtual Endpoint endpoint() = 0;

  // Waits for the next datagram.
  [[nodiscard]] virtual std::string take_datagram() = 0;

  // Waits for so many bytes of the stream; later bytes stay queued.
  [[nodiscard]] virtual std::string take(std::size_t size) = 0;

  // Everything that has arrived on the stream, perhaps nothing. Does not wait.
  [[nodiscard]] virtual std::string take_arrived() = 0;

  // Whether the stream ends, after unread bytes. Waits for the end.
  [[nodiscard]] virtual bool sees_end() = 0;

  // The sender of the last datagram read, or the other end of the connection. Only for udp and tcp.
  [[nodiscard]] virtual Endpoint other_end() = 0;

  // Sends a datagram to the sender of the last one read, or bytes on the stream. At most as much as
  // there is room for; it has arrived when this returns.
  virtual void send(std::string_view bytes) = 0;

  // Sends on the stream as much as there is room for. Returns how much that was.
  [[nodiscard]] virtual std::size_t send_some(std::string_view bytes) = 0;

  // The same as send, some time after it returns.
  virtual void send_later(Duration delay, const std::string& bytes) = 0;

  // From now on sends the same bytes without a pause until the conversation is over.
  virtual void chatter(const std::string& bytes) = 0;

  // The peer is gone: nobody listens there any more, and its stream ends.
  virtual void close() = 0;

  // Resets its tcp connection (RST) and is gone.
  virtual void reset() = 0;
};

// A machine on which a test can act as the peers.
class NetworkWorld {
 public:
  virtual ~NetworkWorld() = default;

  [[nodiscard]] virtual Network& network() = 0;
  [[nodiscard]] virtual Clock& clock() = 0;

  // Destroys the Network and creates another one.
  virtual void renew_network() = 0;

  // A machine need not have IPv6.
  [[nodiscard]] virtual bool has(Way way) = 0;

  [[nodiscard]] virtual std::unique_ptr<NetworkPeer> peer(Way way) = 0;

  // An endpoint where nobody listens. The unix sockets do exist.
  [[nodiscard]] virtual Endpoint deserted(Way way) = 0;

  // An endpoint of a listener that has no room for another connection. Only for streams.
  [[nodiscard]] virtual Endpoint crowded(Way way) = 0;

  // A directory for unix sockets, empty except for those of the world.
  [[nodiscard]] virtual std::string directory() = 0;

  // The paths of the unix sockets that are open at both ends and are files.
  [[nodiscard]] virtual std::set<std::string> files_of_sockets() = 0;

  // Makes the unix socket accessible to its owner only.
  virtual void make_private(const Endpoint& endpoint) = 0;

  [[nodiscard]] virtual bool has_root() = 0;

  // Runs `act` with the effective ids of an ordinary user. Only if has_root().
  virtual void as_ordinary_user(const std::function<void()>& act) = 0;

  // Runs `act` while signals with a handler that restarts no system call arrive all the time.
  virtual void while_signals_arrive(const std::function<void()>& act) = 0;
};

}  // namespace host::contract

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

// The text is different at each position, so lost, repeated or moved bytes are detected.
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

  // Runs `act` once for each kind that the machine has, each time with a fresh Network.
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

  // The next event within a short time.
  [[nodiscard]] NetworkEvent next() { return network().next(in(seconds(20))); }

  // Whether no event comes within a short time.
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

  // Opens a conversation that can send: a stream is connected.
  [[nodiscard]] Conversation talk_to(NetworkPeer& peer) {
    const Conversation conversation = open(peer.endpoint());
    if (is_stream(peer)) {
      EXPECT_EQ(next(), NetworkEvent(Connected{.conversation = conversation}));
    }
    return conversation;
  }

  // Afterwards the peer knows where to send replies.
  void greet(Conversation conversation, NetworkPeer& peer) {
    ASSERT_TRUE(succeeds(network().send(conversation, "hello")));
    EXPECT_EQ(is_stream(peer) ? peer.take(5) : peer.take_datagram(), "hello");
  }

  // Everything that is received in this conversation, the only one, until it has that size or
  // another event comes.
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

  // Everything that the peer reads while this end waits for events, of which there are none.
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

// The behaviour of every host::Network when it opens conversations and waits for events.

class NetworkOpenContract : public NetworkTest {};
class NetworkPermissionContract : public NeedsRoot<NetworkTest> {};
class NetworkLocalEndpointContract : public NetworkTest {};
class NetworkWaitContract : public NetworkTest {};

// The behaviour of every host::Network with several conversations, and when they are closed.

class ConversationsSideBySideContract : public NetworkTest {};
class NetworkCloseContract : public NetworkTest {};

// The behaviour of every host::Network with datagrams.

class DatagramContract : public NetworkTest {};

// The behaviour of every host::Network with streams.

class StreamContract : public NetworkTest {};
class StreamEndContract : public NetworkTest {};

}  // namespace host::contract
