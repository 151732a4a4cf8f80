#pragma once

#include "sim/kernel/scheduler.h"
#include "sim/world/sockets_bytes.h"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

// One direction of a tcp connection: what was written and not read yet is waiting to be sent, in
// flight, or has arrived.
class TcpFlow {
 public:
  // tcp(7): what tcp_wmem and tcp_rmem let the buffers of both ends grow to, about.
  static constexpr std::size_t send_buffer = 2'500'000;
  static constexpr std::size_t receive_buffer = 3'000'000;

  // Some bytes, perhaps with the ACK that completes the handshake or with the FIN.
  struct Segment {
    std::size_t size = 0;
    bool begins = false;
    bool ends = false;
    TimePoint arrival;
  };

  // The sender. Nothing is sent before it begins, either with the ACK or, since the other end has
  // it already, without.
  void begin_with_ack() { beginning_ = Mark::due; }
  void begin() { beginning_ = Mark::arrived; }
  // As much as there is room for.
  std::size_t write(std::string_view bytes);
  void finish() { end_ = Mark::due; }
  [[nodiscard]] bool is_full() const { return unarrived() >= send_buffer; }
  // Linux asks for room for half of what waits.
  [[nodiscard]] bool is_roomy() const { return unarrived() <= send_buffer / 3 * 2; }

  // The way. The next segment that the receiver has room for, of that size at most; 0: of any.
  [[nodiscard]] std::optional<Segment> next_segment(std::size_t largest) const;
  void launch(const Segment& segment);
  [[nodiscard]] bool is_flying() const { return !flying_.empty(); }
  [[nodiscard]] TimePoint next_arrival() const { return flying_.front().arrival; }
  // When what was launched last has arrived or will.
  [[nodiscard]] TimePoint last_arrival() const { return last_arrival_; }
  // All that has arrived by now, as one segment, which is to be kept then, or taken back.
  [[nodiscard]] Segment land(TimePoint now);
  // All in flight is lost and has to be sent again.
  void take_back();

  // The receiver.
  void keep(const Segment& segment);
  [[nodiscard]] bool has_begun() const { return beginning_ == Mark::arrived; }
  [[nodiscard]] std::size_t readable() const { return readable_; }
  [[nodiscard]] std::string read(std::size_t limit);
  [[nodiscard]] bool has_ended() const { return end_ == Mark::arrived && readable_ == 0; }
  [[nodiscard]] bool has_got_end() const { return end_ == Mark::arrived; }

  // Nothing more arrives: all is forgotten but what is there to be read.
  void break_off();

  // Nothing more is sent.
  void forget_unsent();

 private:
  enum class Mark { none, due, in_flight, arrived };

  [[nodiscard]] std::size_t unarrived() const { return bytes_.size() - readable_; }

  Bytes bytes_;
  std::size_t readable_ = 0;
  std::size_t in_flight_ = 0;
  Mark beginning_ = Mark::none;
  Mark end_ = Mark::none;
  std::deque<Segment> flying_;
  TimePoint last_arrival_;
};

}  // namespace sim
