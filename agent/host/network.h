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

// The longest path of a socket, in bytes: unix(7).
inline constexpr std::size_t longest_socket_path = 107;

// The peer of a conversation.
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

// The form in error messages: "udp:127.0.0.1:5060", or the path of a unix socket.
[[nodiscard]] std::string text_of(const Endpoint& endpoint);

// Names one conversation of a Network.
enum class Conversation : int {};

// A tcp or unix_stream conversation is connected. Datagram conversations are connected from the
// beginning and have no such event.
struct Connected {
  Conversation conversation{};
  friend bool operator==(const Connected&, const Connected&) = default;
};

// One datagram of up to 256 KiB, or the next piece of a stream, cut anywhere. Never empty: an empty
// datagram is no event.
struct Received {
  Conversation conversation{};
  std::string bytes;
  friend bool operator==(const Received&, const Received&) = default;
};

// The conversation is over; no event follows. The error gives the cause: refused (ICMP port
// unreachable for a datagram, RST for a stream), no route, closed by the peer. Bytes that arrived
// before are received first, but a tcp connection that is reset may lose bytes in transit, and so
// may a unix_datagram conversation whose peer is gone.
struct Ended {
  Conversation conversation{};
  Error error;
  friend bool operator==(const Ended&, const Ended&) = default;
};

// The deadline came first.
struct Silence {
  friend bool operator==(const Silence&, const Silence&) = default;
};

// A socket of another process at an address and port of a server.
struct Rival {
  int pid = 0;             // 0 if it is not known
  std::uint32_t user = 0;  // uid of the socket's owner

  friend bool operator==(const Rival&, const Rival&) = default;
};

using NetworkEvent = std::variant<Connected, Received, Ended, Silence>;

// Talks to several peers at once: the caller opens conversations, sends, and takes events one at a
// time, each wait with a deadline. So a client with retransmissions on two transports reads from
// top to bottom. All conversations end with the Network.
class Network {
 public:
  virtual ~Network() = default;

  // Opens a conversation without waiting. Errors: `failed` if the address is invalid or, for
  // datagrams, if there is no route to it; not_found or not_permitted for a unix socket that does
  // not exist or may not be written, `failed` for one on which nobody listens or that has no room
  // for another connection. A tcp connection that fails is reported as an event. A unix_datagram
  // conversation has an abstract address (Linux, unix(7)) to which its peer replies: no file is
  // left behind, and the user that the peer runs as does not matter.
  [[nodiscard]] virtual Result<Conversation> open(const Endpoint& endpoint) = 0;

  // The local endpoint of a udp conversation, or of a tcp conversation that is connected: the
  // address and port that the peer sees if no device on the way changes them. `failed` for any
  // other conversation.
  [[nodiscard]] virtual Result<Endpoint> local_endpoint(Conversation conversation) const = 0;

  // Sends a datagram, or all of the bytes on a stream, which must be connected. Does not wait: a
  // stream keeps the bytes that the peer does not accept yet; a datagram for which there is no room
  // is lost. `failed` if the conversation is over, even if Ended has not been taken yet.
  [[nodiscard]] virtual Result<void> send(Conversation conversation, std::string_view bytes) = 0;

  // Returns the next event of any conversation, in the order in which they happened, or Silence at
  // the deadline. Returns at once if an event is pending; a deadline in the past only asks for
  // pending events.
  [[nodiscard]] virtual NetworkEvent next(TimePoint deadline) = 0;

  // The UDP sockets of other processes that can receive datagrams sent to the port at an address
  // where `owner` has a socket open. A socket with SO_REUSEADDR can be bound beside that of a
  // server that also sets it, as Kamailio does, whatever the user (socket(7)); the newer one gets
  // the datagrams. Returns one socket of each user, and only the first few of many. Errors:
  // `failed`, or not_permitted if this user cannot find out.
  [[nodiscard]] virtual Result<std::vector<Rival>> rivals(const ProcessId& owner,
                                                          std::uint16_t port) = 0;

  // The owners of a UDP socket at the port, or of a TCP socket that listens there (by kind), at any
  // address. Otherwise as rivals().
  [[nodiscard]] virtual Result<std::vector<Rival>> holders(Endpoint::Kind kind,
                                                           std::uint16_t port) = 0;

  // Ends a conversation; no event of it follows, and unsent bytes of a stream are dropped. A
  // conversation that is over may be closed, too.
  virtual void close(Conversation conversation) = 0;
};

// The events of a Network's conversations that have not been taken yet, in order.
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

  // Drops the events of the conversation.
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
