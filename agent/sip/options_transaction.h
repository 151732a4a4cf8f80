#pragma once

#include "agent/exchange/exchange.h"
#include "agent/host/clock.h"
#include "agent/host/network.h"
#include "agent/host/random.h"
#include "agent/host/result.h"
#include "agent/sip/message.h"

#include <optional>
#include <string>
#include <string_view>

namespace sip {

// The non-INVITE client transaction of RFC 3261, section 17.1.2, for one OPTIONS request over UDP
// or TCP. The deadline of hold() is its timer F. It is over when a final response has come, or when
// none can come any more.
class OptionsTransaction final : public exchange::Exchange {
 public:
  // Messages that were received and ignored.
  struct Ignored {
    unsigned provisional = 0;  // 1xx
    unsigned stray = 0;        // for other requests, or with several Via values (8.1.3.3)
    unsigned malformed = 0;    // not a SIP response

    friend bool operator==(const Ignored&, const Ignored&) = default;
  };

  // The request goes to `server`, whatever host the Request-URI has.
  OptionsTransaction(host::Endpoint server, std::string request_uri, host::Random& random);

  // The final response. Error: the cause of its absence, with the ignored messages. Valid once the
  // transaction is over.
  [[nodiscard]] const host::Result<Response>& result() const { return result_; }
  [[nodiscard]] const Ignored& ignored() const { return ignored_; }

  [[nodiscard]] host::Endpoint peer() const override { return server_; }
  void begin(const exchange::Line& line, host::TimePoint now) override;
  void receive(const exchange::Line& line, std::string_view bytes, host::TimePoint now) override;
  [[nodiscard]] std::optional<host::TimePoint> wakes_at() const override { return timer_e_; }
  void wake(const exchange::Line& line, host::TimePoint now) override;
  void fail(const host::Error& error) override;
  [[nodiscard]] bool is_over() const override { return state_ == State::completed; }

 private:
  enum class State { trying, proceeding, completed };

  void take(std::string_view message);
  [[nodiscard]] bool is_answer(const Response& response) const;

  host::Endpoint server_;
  std::string request_uri_;
  std::string branch_;
  std::string call_id_;
  std::string from_tag_;
  std::string request_;
  State state_ = State::trying;
  std::optional<host::TimePoint> timer_e_;  // the next retransmission; none over TCP
  host::Duration until_next_{};
  MessageStream stream_;  // of TCP
  Ignored ignored_;
  host::Result<Response> result_;
};

}  // namespace sip
