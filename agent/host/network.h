#pragma once

#include "agent/host/clock.h"
#include "agent/host/process_table.h"
#include "agent/host/result.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace host {

// unix(7): the longest path of a socket, in bytes.
inline constexpr std::size_t longest_socket_path = 107;

// Where a conversation goes.
struct Endpoint {
  enum class Kind { udp, tcp, unix_datagram, unix_stream };

  Kind kind = Kind::udp;
  std::string address;     // an IPv4 or IPv6 address without brackets; the path of a unix socket
  std::uint16_t port = 0;  // of udp and tcp

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

[[nodiscard]] constexpr bool is_stream(Endpoint::Kind kind) {
  return kind == Endpoint::Kind::tcp || kind == Endpoint::Kind::unix_stream;
}

// As error messages name it: "udp:127.0.0.1:5060", or the path of a unix socket.
[[nodiscard]] std::string text_of(const Endpoint& endpoint);

// Names one conversation of a Network.
enum class Conversation : int {};

// A tcp or unix_stream conversation is connected. Datagram conversations are so from the beginning
// and say nothing.
struct Connected {
  Conversation conversation{};
  friend bool operator==(const Connected&, const Connected&) = default;
};

// One datagram, of up to 256 KiB, or the next piece of a stream, cut anywhere. Never empty: an
// empty datagram says nothing.
struct Received {
  Conversation conversation{};
  std::string bytes;
  friend bool operator==(const Received&, const Received&) = default;
};

// The conversation is over; nothing more comes from it. The error says why: refused (ICMP port
// unreachable for a datagram, RST for a stream), no route, closed by the peer. What arrived before
// comes first, but a tcp connection that is broken off may lose what was on its way, and so may a
// unix_datagram conversation that sends to a peer that is gone.
struct Ended {
  Conversation conversation{};
  Error error;
  friend bool operator==(const Ended&, const Ended&) = default;
};

// The deadline came first.
struct Silence {
  friend bool operator==(const Silence&, const Silence&) = default;
};

// Somebody else's socket at an address and port of a server.
struct Rival {
  int pid = 0;             // 0 if it is not known
  std::uint32_t user = 0;  // uid of the socket's owner

  friend bool operator==(const Rival&, const Rival&) = default;
};

using NetworkEvent = std::variant<Connected, Received, Ended, Silence>;

// Talks to several peers at once: the caller opens conversations, sends, and takes what happens one
// event at a time, each wait with a deadline. So a client with retransmissions on two transports
// reads from top to bottom. All conversations end with the Network.
class Network {
 public:
  virtual ~Network() = default;

  // Begins a conversation and does not wait. Errors: `failed` if the address is none or, for
  // datagrams, if there is no route to it; not_found or not_permitted for a unix socket that does
  // not exist or may not be written, `failed` for one that nobody listens on or that has no room
  // for another connection. That a tcp connection fails comes as an event. What a unix_datagram
  // conversation gives its peer to answer to is no file (on Linux an abstract address, unix(7)):
  // nothing is left behind, and it does not matter as whom the peer runs.
  [[nodiscard]] virtual Result<Conversation> open(const Endpoint& endpoint) = 0;

  // This end of a udp conversation, or of a tcp conversation that is connected: the address and
  // port that the peer sees if nothing on the way changes them. `failed` for any other.
  [[nodiscard]] virtual Result<Endpoint> local_endpoint(Conversation conversation) const = 0;

  // Sends a datagram, or all of the bytes on a stream, which must be connected. Does not wait: a
  // stream keeps what the peer does not take yet, a datagram that there is no room for is lost.
  // `failed` if the conversation is over, even if Ended has not been taken yet.
  [[nodiscard]] virtual Result<void> send(Conversation conversation, std::string_view bytes) = 0;

  // What happens next in any conversation, in the order in which it happened; Silence at the
  // deadline. Returns at once if something has already happened; a deadline in the past asks for
  // just that.
  [[nodiscard]] virtual NetworkEvent next(TimePoint deadline) = 0;

  // The UDP sockets of others that can get datagrams sent to the port at an address where `owner`
  // has a socket open: a socket with SO_REUSEADDR can be bound beside that of a server with it, as
  // Kamailio does, whatever the user (socket(7)); the newer one gets them. One of each user, and
  // the first few of many. Errors: `failed`, not_permitted if it cannot be found out.
  [[nodiscard]] virtual Result<std::vector<Rival>> rivals(const ProcessId& owner,
                                                          std::uint16_t port) = 0;

  // Who has a UDP socket at the port, or a TCP socket that listens there (by kind), at whatever
  // address. Else as rivals().
  [[nodiscard]] virtual Result<std::vector<Rival>> holders(Endpoint::Kind kind,
                                                           std::uint16_t port) = 0;

  // Ends a conversation; no event speaks of it afterwards, and what a stream has kept for its peer
  // is forgotten. One that is over may be closed, too.
  virtual void close(Conversation conversation) = 0;
};

// What has happened in the conversations of a Network and has not been taken yet, in order.
class NetworkEvents {
 public:
  void push(NetworkEvent event) { events_.push_back(std::move(event)); }

  // Silence if there is none.
  [[nodiscard]] NetworkEvent take() {
    if (events_.empty()) {
      return Silence{};
    }
    auto event = std::move(events_.front());
    events_.pop_front();
    return event;
  }

  [[nodiscard]] bool is_empty() const { return events_.empty(); }

  // Those that speak of the conversation.
  void forget(Conversation conversation) {
    std::erase_if(events_, [&](const NetworkEvent& event) {
      const auto speaks_of_it = [&](const auto& happened) {
        if constexpr (!std::is_same_v<std::decay_t<decltype(happened)>, Silence>) {
          return happened.conversation == conversation;
        }
        return false;
      };
      return std::visit(speaks_of_it, event);
    });
  }

 private:
  std::deque<NetworkEvent> events_;
};

}  // namespace host
