#pragma once

#include "agent/host/clock.h"
#include "agent/host/network.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace host::contract {

// What a conversation goes over.
enum class Way { udp_v4, udp_v6, tcp_v4, tcp_v6, unix_datagram, unix_stream };

// The other end of one conversation. It takes nothing before a test says so; until then its machine
// keeps for it what there is room for. What waits gives up before long.
class NetworkPeer {
 public:
  virtual ~NetworkPeer() = default;

  [[nodiscard]] virtual Endpoint endpoint() = 0;

  // Waits for the next datagram.
  [[nodiscard]] virtual std::string take_datagram() = 0;

  // Waits for that many bytes of the stream; what came after them stays where it is.
  [[nodiscard]] virtual std::string take(std::size_t size) = 0;

  // All that has come on the stream, perhaps nothing. Does not wait.
  [[nodiscard]] virtual std::string take_arrived() = 0;

  // Whether the stream ends, after bytes that nobody took. Waits for it.
  [[nodiscard]] virtual bool sees_end() = 0;

  // Whom the last taken datagram came from, or who is at the other end of the connection. Only of
  // udp and tcp.
  [[nodiscard]] virtual Endpoint other_end() = 0;

  // Sends a datagram to whom the last taken one came from, or bytes on the stream. Not more than
  // there is room for; it has arrived when this returns.
  virtual void send(std::string_view bytes) = 0;

  // Sends on the stream what there is room for at the moment. Returns how much that was.
  [[nodiscard]] virtual std::size_t send_some(std::string_view bytes) = 0;

  // The same as send, some time after it returns.
  virtual void send_later(Duration delay, const std::string& bytes) = 0;

  // From now on sends the same again and again without a pause, until the conversation is over.
  virtual void chatter(const std::string& bytes) = 0;

  // Is gone: nobody listens there any more, and its stream ends.
  virtual void close() = 0;

  // Breaks off its tcp connection (RST) and is gone.
  virtual void reset() = 0;
};

// A machine on which a test can play the peers.
class NetworkWorld {
 public:
  virtual ~NetworkWorld() = default;

  [[nodiscard]] virtual Network& network() = 0;
  [[nodiscard]] virtual Clock& clock() = 0;

  // Destroys the Network and makes another.
  virtual void renew_network() = 0;

  // A machine need not have IPv6.
  [[nodiscard]] virtual bool has(Way way) = 0;

  [[nodiscard]] virtual std::unique_ptr<NetworkPeer> peer(Way way) = 0;

  // Where nobody listens. The unix sockets do exist.
  [[nodiscard]] virtual Endpoint deserted(Way way) = 0;

  // Where somebody listens who has no room for another connection. Only of a stream.
  [[nodiscard]] virtual Endpoint crowded(Way way) = 0;

  // A directory for unix sockets, empty but for those of the world.
  [[nodiscard]] virtual std::string directory() = 0;

  // The paths of the unix sockets that are open at both ends and are files.
  [[nodiscard]] virtual std::set<std::string> files_of_sockets() = 0;

  // Only its owner may talk to this unix socket.
  virtual void make_private(const Endpoint& endpoint) = 0;

  [[nodiscard]] virtual bool has_root() = 0;

  // Acts with the effective ids of an ordinary user. Only where has_root().
  virtual void as_ordinary_user(const std::function<void()>& act) = 0;

  // Acts while signals with a handler that restarts no system call arrive all the time.
  virtual void while_signals_arrive(const std::function<void()>& act) = 0;
};

}  // namespace host::contract
