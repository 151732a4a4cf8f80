#pragma once

#include "agent/host/network.h"
#include "sim/kernel/random.h"
#include "sim/kernel/scheduler.h"
#include "sim/machine/files.h"
#include "sim/machine/system_call.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

struct Stack;

// The treatment of packets between a listening end and its peers. Packets to the listener are
// requests, those from it answers.
struct Weather {
  enum class Silence { none, of_requests, of_answers, of_all };

  Duration delay = std::chrono::microseconds(30);  // one way
  Duration jitter{};                               // random addition, at most
  Silence silence = Silence::none;                 // these packets are lost
  double loss = 0;                                 // the probability for each packet

  // Of udp, for each packet.
  double duplication = 0;
  double reordering = 0;  // delayed by up to 10 ms, and overtaken by later ones

  // Of tcp.
  bool refuses = false;                     // even if a process listens
  std::optional<std::size_t> resets_after;  // resets both ends after this many bytes of answers
  std::size_t largest_segment = 0;          // segments arrive separately; 0: all at once
  Duration merging{};                       // data sent within that time arrive together

  friend bool operator==(const Weather&, const Weather&) = default;
};

// The treatment of packets to an address that the machine does not have. Without an error they are
// lost. An error without delay is that of the call, as ENETUNREACH without a route; one with a
// delay ends TCP connection attempts, as EHOSTUNREACH when ARP fails.
struct Route {
  int error = 0;
  Duration after{};

  friend bool operator==(const Route&, const Route&) = default;
};

// An open, non-blocking socket. Forked processes share it; it is closed when the last reference is
// dropped. Errors are those of Linux, as errno values: send(2), recv(2), accept(2), udp(7), tcp(7),
// unix(7). Calls that do not apply to the kind return EOPNOTSUPP, and all calls return EBADF after
// a close.
class Socket {
 public:
  // A unix socket without a name has an empty address. An abstract address begins with a null byte.
  struct Datagram {
    std::string bytes;
    host::Endpoint from;
  };

  Socket() = default;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  virtual ~Socket() = default;

  // Returns the number of bytes of a stream that were accepted; a datagram is sent whole. EAGAIN:
  // no room now.
  virtual Errno<std::size_t> send(std::string_view bytes);
  virtual Errno<std::size_t> send_to(std::string_view bytes, const host::Endpoint& to);

  // A datagram, truncated at the limit, or up to that many bytes of a stream; empty at its end.
  [[nodiscard]] virtual Errno<std::string> receive(std::size_t limit);
  [[nodiscard]] virtual Errno<Datagram> receive_from(std::size_t limit);

  [[nodiscard]] virtual Errno<std::shared_ptr<Socket>> accept();

  // SO_ERROR, which is then reset to 0: the result of a connection attempt.
  [[nodiscard]] virtual int take_error() { return 0; }

  // getsockname(2), getpeername(2). The peer of a tcp socket is known once it is connected.
  [[nodiscard]] virtual Errno<host::Endpoint> local_endpoint() const = 0;
  [[nodiscard]] virtual Errno<host::Endpoint> peer_endpoint() const;

  // The result of poll(2): a call would not return EAGAIN. A stream becomes writable when the
  // connection attempt ends, and later when there is enough room.
  [[nodiscard]] virtual bool is_readable() const = 0;
  [[nodiscard]] virtual bool is_writable() const = 0;

  virtual void close() = 0;
  // Closes a TCP connection with SO_LINGER and a time of 0, which sends RST.
  virtual void reset() { close(); }

  // Notified when readability or writability may have changed.
  [[nodiscard]] WaitList& changes() { return changes_; }

 private:
  WaitList changes_;
};

// The network of the machine. It has 127.0.0.0/8, ::1, and added addresses. UDP and TCP take time
// and are subject to the weather; unix sockets are instant and reliable.
class Sockets {
 public:
  static constexpr int usual_backlog = 128;

  Sockets(Scheduler& time, SeededRandom& random, Files& files);
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;
  // Sockets may outlive this object.
  ~Sockets();

  // bind(2) and, for streams, listen(2), as a server uses them (SO_REUSEADDR: connections of an
  // earlier TCP socket do not block the port). "0.0.0.0" and "::" are all addresses of their
  // family. Port 0 is any free one. The queue of a stream holds one more connection than the
  // backlog.
  Errno<std::shared_ptr<Socket>> listen(const host::Endpoint& endpoint, const Identity& who,
                                        int backlog = usual_backlog);

  // connect(2) of a new socket, from a free address or from the one given (not of unix_stream,
  // which has none). A tcp socket is being connected (EINPROGRESS) when this returns.
  Errno<std::shared_ptr<Socket>> connect(const host::Endpoint& endpoint, const Identity& who,
                                         const std::optional<host::Endpoint>& from = {});

  // IPv4 or IPv6 addresses; throws std::logic_error for any other text.
  void add_address(const std::string& address);
  // Removes an address. Sockets keep it, but receive nothing.
  void remove_address(const std::string& address);

  // The IPv4 addresses of an interface, sorted.
  [[nodiscard]] std::vector<std::string> own_addresses() const;

  // Applies to all addresses without a route of their own.
  void set_default_route(Route route);
  void set_route(const std::string& address, Route route);

  // Applies to all connections without weather of their own.
  void set_weather(const Weather& weather);
  // Applies to packets to and from this end. Without a port it applies to all ports, without an
  // address to all addresses. Throws std::logic_error for unix sockets.
  void set_weather(const host::Endpoint& at, const Weather& weather);
  void clear_weather(const host::Endpoint& at);

  // A foreign socket at that UDP port beside a server's: it is listed, but receives nothing.
  void add_rival(std::uint16_t port, const host::Rival& rival) { rivals_.emplace(port, rival); }
  void remove_rival(int pid) {
    std::erase_if(rivals_, [pid](const auto& entry) { return entry.second.pid == pid; });
  }
  [[nodiscard]] std::vector<host::Rival> rivals_at(std::uint16_t port) const;

  // The endpoints that accept requests, as ss(8) lists them, sorted: listening streams and datagram
  // sockets that are not connected. Paths are as they were at the bind.
  [[nodiscard]] std::vector<host::Endpoint> awaiting_requests() const;

 private:
  std::shared_ptr<Stack> stack_;
  std::multimap<std::uint16_t, host::Rival> rivals_;
};

}  // namespace sim
