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

// What becomes of the packets between an end that listens and those who talk to it. The packets to
// it are requests, those from it answers.
struct Weather {
  enum class Silence { none, of_requests, of_answers, of_all };

  Duration delay = std::chrono::microseconds(30);  // one way
  Duration jitter{};                               // so much more at most
  Silence silence = Silence::none;                 // these packets vanish
  double loss = 0;                                 // the probability for each packet

  // Of udp, for each packet.
  double duplication = 0;
  double reordering = 0;  // it comes up to 10 ms late, and those behind it do not wait

  // Of tcp.
  bool refuses = false;                     // whoever listens
  std::optional<std::size_t> resets_after;  // both ends, at the last of so many bytes of answers
  std::size_t largest_segment = 0;          // they come one after the other; 0: all comes at once
  Duration merging{};                       // what is sent within that time comes at once

  friend bool operator==(const Weather&, const Weather&) = default;
};

// What becomes of packets to an address that the machine does not have. Without an error they
// vanish. An error without delay is that of the call, as ENETUNREACH without a route; one with
// delay ends attempts to connect over tcp, as EHOSTUNREACH when ARP finds nobody.
struct Route {
  int error = 0;
  Duration after{};

  friend bool operator==(const Route&, const Route&) = default;
};

// An open socket that never blocks. Those who have forked share it; it is closed when the last of
// them drops it. Errors are those of Linux, as errno values: send(2), recv(2), accept(2), udp(7),
// tcp(7), unix(7). What makes no sense for the kind is EOPNOTSUPP, and all is EBADF after a close.
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

  // How much of a stream there was room for; a datagram is taken whole. EAGAIN: no room now.
  virtual Errno<std::size_t> send(std::string_view bytes);
  virtual Errno<std::size_t> send_to(std::string_view bytes, const host::Endpoint& to);

  // A datagram, cut at the limit, or up to so much of a stream, nothing at its end.
  [[nodiscard]] virtual Errno<std::string> receive(std::size_t limit);
  [[nodiscard]] virtual Errno<Datagram> receive_from(std::size_t limit);

  [[nodiscard]] virtual Errno<std::shared_ptr<Socket>> accept();

  // SO_ERROR, which is 0 afterwards: how an attempt to connect has ended.
  [[nodiscard]] virtual int take_error() { return 0; }

  // getsockname(2), getpeername(2). The peer of a tcp socket is known once it is connected.
  [[nodiscard]] virtual Errno<host::Endpoint> local_endpoint() const = 0;
  [[nodiscard]] virtual Errno<host::Endpoint> peer_endpoint() const;

  // What poll(2) says: a call would not give EAGAIN. A stream becomes writable when the attempt to
  // connect is over, and later when there is room worth a call.
  [[nodiscard]] virtual bool is_readable() const = 0;
  [[nodiscard]] virtual bool is_writable() const = 0;

  virtual void close() = 0;
  // Of a tcp connection: close with SO_LINGER and a time of 0, which sends RST.
  virtual void reset() { close(); }

  // Whenever either of them may have changed.
  [[nodiscard]] WaitList& changes() { return changes_; }

 private:
  WaitList changes_;
};

// The network of the machine. It has 127.0.0.0/8 and ::1, and what is added. What goes over udp and
// tcp takes time and suffers from the weather; unix sockets are as quick and sure as the kernel.
class Sockets {
 public:
  static constexpr int usual_backlog = 128;

  Sockets(Scheduler& time, SeededRandom& random, Files& files);
  Sockets(const Sockets&) = delete;
  Sockets& operator=(const Sockets&) = delete;
  // Sockets may be dropped later.
  ~Sockets();

  // bind(2) and, for streams, listen(2) as a server does it (SO_REUSEADDR of tcp: connections of an
  // earlier socket are no hindrance). "0.0.0.0" and "::" are all addresses of their family. Port 0
  // is any free one. In the queue of a stream there is room for one more than the backlog.
  Errno<std::shared_ptr<Socket>> listen(const host::Endpoint& endpoint, const Identity& who,
                                        int backlog = usual_backlog);

  // connect(2) of a new socket, from a free address or from the one given (not of unix_stream,
  // which has none). A tcp socket is being connected (EINPROGRESS) when this returns.
  Errno<std::shared_ptr<Socket>> connect(const host::Endpoint& endpoint, const Identity& who,
                                         const std::optional<host::Endpoint>& from = {});

  // IPv4 and IPv6 addresses; throws std::logic_error for what is none.
  void add_address(const std::string& address);
  // It has moved away: sockets keep it, but nothing reaches them there.
  void remove_address(const std::string& address);

  // Those of IPv4 that an interface has, in order.
  [[nodiscard]] std::vector<std::string> own_addresses() const;

  // For all addresses without a route of their own.
  void set_default_route(Route route);
  void set_route(const std::string& address, Route route);

  // For all ways without weather of their own.
  void set_weather(const Weather& weather);
  // For what goes to and from this end. Without a port it is all ports, without an address all
  // addresses. Throws std::logic_error for unix sockets, which have no way in between.
  void set_weather(const host::Endpoint& at, const Weather& weather);
  void clear_weather(const host::Endpoint& at);

  // Somebody's socket at that UDP port beside a server's: it is told of, and gets nothing.
  void add_rival(std::uint16_t port, const host::Rival& rival) { rivals_.emplace(port, rival); }
  void remove_rival(int pid) {
    std::erase_if(rivals_, [pid](const auto& entry) { return entry.second.pid == pid; });
  }
  [[nodiscard]] std::vector<host::Rival> rivals_at(std::uint16_t port) const;

  // Where somebody may send a request to, as ss(8) lists it, in order: listening streams and
  // datagram sockets that are not connected. The path is that of the time of the bind.
  [[nodiscard]] std::vector<host::Endpoint> awaiting_requests() const;

 private:
  std::shared_ptr<Stack> stack_;
  std::multimap<std::uint16_t, host::Rival> rivals_;
};

}  // namespace sim
