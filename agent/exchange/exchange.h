#pragma once

#include "agent/host/clock.h"
#include "agent/host/network.h"
#include "agent/host/result.h"

#include <optional>
#include <span>
#include <string_view>

namespace exchange {

// The conversation of one exchange, as far as the exchange may use it.
class Line {
 public:
  Line(host::Network& network, host::Conversation conversation)
      : network_(network), conversation_(conversation) {}

  // What cannot be sent comes as a failure of the exchange.
  void send(std::string_view bytes) const;

  // Of udp and tcp; see host::Network.
  [[nodiscard]] host::Result<host::Endpoint> local_endpoint() const;

 private:
  host::Network& network_;
  host::Conversation conversation_;
};

// A question to one peer and what comes of it, as a state machine that hold() drives. It never
// waits. After is_over() nothing is called any more but what asks for the outcome.
class Exchange {
 public:
  virtual ~Exchange() = default;

  [[nodiscard]] virtual host::Endpoint peer() const = 0;

  // The peer can be spoken to: a stream is connected.
  virtual void begin(const Line& line, host::TimePoint now) = 0;

  // One datagram, or the next piece of a stream.
  virtual void receive(const Line& line, std::string_view bytes, host::TimePoint now) = 0;

  // When it wants to be woken; nothing: it only waits for the peer.
  [[nodiscard]] virtual std::optional<host::TimePoint> wakes_at() const = 0;
  virtual void wake(const Line& line, host::TimePoint now) = 0;

  // It cannot go on: there is no way to the peer, or it has ended the conversation, or the time is
  // over.
  virtual void fail(const host::Error& error) = 0;

  [[nodiscard]] virtual bool is_over() const = 0;
};

// Holds all exchanges at the same time. Returns as soon as all are over, at the deadline at the
// latest; then what has already arrived still counts, and what is still open has failed. A
// connection has to come about in seven eighths of the time: so the words tell a peer that takes
// none from one that takes one and is silent, and 2 s are enough for the kernel to ask again for
// one.
void hold(host::Network& network, const host::Clock& clock, std::span<Exchange* const> exchanges,
          host::TimePoint deadline);

}  // namespace exchange
