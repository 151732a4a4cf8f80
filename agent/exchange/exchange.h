#pragma once

#include "agent/host/clock.h"
#include "agent/host/network.h"
#include "agent/host/result.h"

#include <optional>
#include <span>
#include <string_view>

namespace exchange {

// The part of a conversation that an exchange may use.
class Line {
 public:
  Line(host::Network& network, host::Conversation conversation)
      : network_(network), conversation_(conversation) {}

  // Bytes that cannot be sent make the exchange fail.
  void send(std::string_view bytes) const;

  // Only for udp and tcp; see host::Network.
  [[nodiscard]] host::Result<host::Endpoint> local_endpoint() const;

 private:
  host::Network& network_;
  host::Conversation conversation_;
};

// One request to one peer with its result, as a state machine that hold() drives. It never waits.
// Once is_over() is true, only functions that read the result are called.
class Exchange {
 public:
  virtual ~Exchange() = default;

  [[nodiscard]] virtual host::Endpoint peer() const = 0;

  // The conversation is ready to send: a stream is connected.
  virtual void begin(const Line& line, host::TimePoint now) = 0;

  // One datagram, or the next piece of a stream.
  virtual void receive(const Line& line, std::string_view bytes, host::TimePoint now) = 0;

  // When wake() is to be called. Nothing: the exchange only waits for the peer.
  [[nodiscard]] virtual std::optional<host::TimePoint> wakes_at() const = 0;
  virtual void wake(const Line& line, host::TimePoint now) = 0;

  // The exchange cannot continue: there is no route to the peer, the peer has closed the
  // conversation, or the time is over.
  virtual void fail(const host::Error& error) = 0;

  [[nodiscard]] virtual bool is_over() const = 0;
};

// Runs all exchanges at the same time. Returns as soon as all are over, at the latest at the
// deadline; bytes that have arrived by then still count, and exchanges that are still open fail. A
// connection must be established within seven eighths of the time, so that the error distinguishes
// a peer that accepts no connection from one that accepts it and does not reply. 2 s are enough for
// the kernel to retransmit a connection request.
void hold(host::Network& network, const host::Clock& clock, std::span<Exchange* const> exchanges,
          host::TimePoint deadline);

}  // namespace exchange
