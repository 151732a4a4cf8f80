#include "agent/exchange/exchange.h"

#include "agent/host/clock.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace exchange {
namespace {

using host::TimePoint;

// An exchange with its conversation.
struct Holding {
  Exchange* exchange = nullptr;
  host::Conversation conversation{};
  bool is_open = false;
  bool has_begun = false;
};

class Hold {
 public:
  Hold(host::Network& network, const host::Clock& clock, TimePoint deadline)
      : network_(network),
        clock_(clock),
        begin_(clock.now()),
        deadline_(std::max(deadline, begin_)),
        connect_deadline_(deadline_ - (deadline_ - begin_) / 8) {}

  void run(std::span<Exchange* const> exchanges) {
    for (auto* const exchange : exchanges) {
      open(*exchange);
    }
    while (has_open() && clock_.now() < deadline_) {
      take(network_.next(next_wake()));
      wake_all();
    }
    // If this process was delayed beyond the deadline, pending events still count; but a peer that
    // sends without pause does not keep the loop running.
    constexpr std::chrono::milliseconds longest_look(20);
    const auto end = clock_.now() + longest_look;
    while (has_open() && clock_.now() < end && take(network_.next(deadline_))) {
    }
    give_up();
  }

 private:
  void open(Exchange& exchange) {
    const auto peer = exchange.peer();
    const auto conversation = network_.open(peer);
    if (!conversation) {
      exchange.fail(conversation.error());
      return;
    }
    auto& holding = holdings_.emplace_back(
        Holding{.exchange = &exchange, .conversation = *conversation, .is_open = true});
    if (peer.kind == host::Endpoint::Kind::udp ||
        peer.kind == host::Endpoint::Kind::unix_datagram) {
      begin(holding);
    }
  }

  void begin(Holding& holding) {
    holding.has_begun = true;
    holding.exchange->begin(line_of(holding), clock_.now());
    close_if_over(holding);
  }

  [[nodiscard]] bool has_open() const { return std::ranges::any_of(holdings_, &Holding::is_open); }

  [[nodiscard]] TimePoint next_wake() const {
    auto wake = deadline_;
    for (const auto& holding : holdings_) {
      if (holding.is_open) {
        wake = std::min(wake, holding.has_begun ? holding.exchange->wakes_at().value_or(deadline_)
                                                : connect_deadline_);
      }
    }
    return wake;
  }

  // False if nothing happened.
  bool take(const host::NetworkEvent& event) {
    return std::visit(
        [this](const auto& happened) {
          if constexpr (requires { happened.conversation; }) {
            const auto found =
                std::ranges::find(holdings_, happened.conversation, &Holding::conversation);
            if (found != holdings_.end() && found->is_open) {
              tell(*found, happened);
              close_if_over(*found);
            }
          }
          return !std::is_same_v<std::decay_t<decltype(happened)>, host::Silence>;
        },
        event);
  }

  void tell(Holding& holding, const host::Connected& /*happened*/) { begin(holding); }
  void tell(Holding& holding, const host::Received& received) {
    holding.exchange->receive(line_of(holding), received.bytes, clock_.now());
  }
  void tell(Holding& holding, const host::Ended& ended) { holding.exchange->fail(ended.error); }

  void wake_all() {
    const auto now = clock_.now();
    for (auto& holding : holdings_) {
      if (holding.is_open && !holding.has_begun && now >= connect_deadline_) {
        holding.exchange->fail(
            {.text = "no connection within " + host::in_seconds(connect_deadline_ - begin_)});
      } else if (holding.is_open && holding.has_begun &&
                 now >= holding.exchange->wakes_at().value_or(TimePoint::max())) {
        holding.exchange->wake(line_of(holding), now);
      }
      close_if_over(holding);
    }
  }

  void give_up() {
    for (auto& holding : holdings_) {
      if (holding.is_open) {
        holding.exchange->fail(
            {.text = "no answer within " + host::in_seconds(deadline_ - begin_)});
        close(holding);
      }
    }
  }

  void close_if_over(Holding& holding) {
    if (holding.is_open && holding.exchange->is_over()) {
      close(holding);
    }
  }

  void close(Holding& holding) {
    holding.is_open = false;
    network_.close(holding.conversation);
  }

  [[nodiscard]] Line line_of(const Holding& holding) const {
    return {network_, holding.conversation};
  }

  host::Network& network_;
  const host::Clock& clock_;
  TimePoint begin_;
  TimePoint deadline_;
  TimePoint connect_deadline_;
  std::vector<Holding> holdings_;
};

}  // namespace

void Line::send(std::string_view bytes) const {
  // The network also reports the end of the conversation as an event.
  (void)network_.send(conversation_, bytes);
}

host::Result<host::Endpoint> Line::local_endpoint() const {
  return network_.local_endpoint(conversation_);
}

void hold(host::Network& network, const host::Clock& clock, std::span<Exchange* const> exchanges,
          TimePoint deadline) {
  Hold(network, clock, deadline).run(exchanges);
}

}  // namespace exchange
