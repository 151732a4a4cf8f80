#pragma once

#include "sim/kernel/scheduler.h"
#include "sim/machine/sockets.h"
#include "sim/machine/sockets_stack.h"
#include "sim/machine/system_call.h"

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

// One direction of a TCP connection: written data are waiting to be sent, in flight, or arrived and
// not read.
class TcpFlow {
 public:
  // tcp(7): approximately the size to which tcp_wmem and tcp_rmem let the buffers of both ends
  // grow.
  static constexpr std::size_t send_buffer = 2'500'000;
  static constexpr std::size_t receive_buffer = 3'000'000;

  // Data, possibly with the ACK that completes the handshake or with the FIN.
  struct Segment {
    std::size_t size = 0;
    bool begins = false;
    bool ends = false;
    TimePoint arrival;
  };

  // The sender. Sending begins either with the ACK or, if the other end already has it, without.
  void begin_with_ack() { beginning_ = Mark::due; }
  void begin() { beginning_ = Mark::arrived; }
  // Writes as much as there is room for.
  std::size_t write(std::string_view bytes);
  void finish() { end_ = Mark::due; }
  [[nodiscard]] bool is_full() const { return unarrived() >= send_buffer; }
  // Linux reports a stream as writable when half of the buffer is free.
  [[nodiscard]] bool is_roomy() const { return unarrived() <= send_buffer / 3 * 2; }

  // The network. The next segment that the receiver has room for, of at most this size; 0: any
  // size.
  [[nodiscard]] std::optional<Segment> next_segment(std::size_t largest) const;
  void launch(const Segment& segment);
  [[nodiscard]] bool is_flying() const { return !flying_.empty(); }
  [[nodiscard]] TimePoint next_arrival() const { return flying_.front().arrival; }
  // The arrival time of the last segment.
  [[nodiscard]] TimePoint last_arrival() const { return last_arrival_; }
  // All data that have arrived, as one segment, to be kept or returned.
  [[nodiscard]] Segment land(TimePoint now);
  // Everything in flight is lost and must be sent again.
  void take_back();

  // The receiver.
  void keep(const Segment& segment);
  [[nodiscard]] bool has_begun() const { return beginning_ == Mark::arrived; }
  [[nodiscard]] std::size_t readable() const { return readable_; }
  [[nodiscard]] std::string read(std::size_t limit);
  [[nodiscard]] bool has_ended() const { return end_ == Mark::arrived && readable_ == 0; }
  [[nodiscard]] bool has_got_end() const { return end_ == Mark::arrived; }

  // Ends the reception: drops everything except data that can be read.
  void break_off();

  // Ends the transmission.
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

class TcpConnection;

// listen(2): connections that are not accepted yet.
struct AcceptQueue {
  std::deque<std::shared_ptr<TcpConnection>> connections;
  std::size_t backlog = 0;
  WaitList* changes = nullptr;  // of the socket; nothing: it is closed

  // Linux accepts one more than the backlog.
  [[nodiscard]] bool is_full() const { return connections.size() > backlog; }
};

// A TCP connection with both ends, from the first SYN on: the part of the kernel, independent of
// the processes (RFC 9293). It continues after they have closed it until all data are sent.
//
// Simplifications: acknowledgements take no time, and after the loss of a segment nothing is sent
// until it arrives, so that segments stay in order.
class TcpConnection : public std::enable_shared_from_this<TcpConnection> {
 public:
  enum class Side : std::size_t { client, server };

  [[nodiscard]] static Side other(Side side) {
    return side == Side::client ? Side::server : Side::client;
  }

  // The end of the client must be free. It becomes free again at the end of the connection.
  TcpConnection(std::shared_ptr<Stack> stack, const IpPort& client, const IpPort& server);
  TcpConnection(const TcpConnection&) = delete;
  TcpConnection& operator=(const TcpConnection&) = delete;
  ~TcpConnection();

  // The client sends its SYN.
  void open();

  // The socket of this side, which is notified of changes until it closes.
  void attach(Side side, WaitList& changes) { end(side).changes = &changes; }

  Errno<std::size_t> write(Side side, std::string_view bytes);
  [[nodiscard]] Errno<std::string> read(Side side, std::size_t limit);
  [[nodiscard]] int take_error(Side side);
  [[nodiscard]] bool is_readable(Side side) const;
  [[nodiscard]] bool is_writable(Side side) const;
  [[nodiscard]] bool is_established() const { return is_established_; }
  [[nodiscard]] const IpPort& address(Side side) const { return end(side).address; }
  void close(Side side);
  void reset(Side side);

 private:
  struct End {
    IpPort address;
    WaitList* changes = nullptr;
    int error = 0;
    bool is_closed = false;  // by its process
    bool is_over = false;    // refused, reset or given up
    // State of this end's transmission:
    TcpFlow flow = {};
    int losses = 0;            // in succession
    bool is_stalled = false;   // a segment was lost
    bool is_unheard = false;   // an arrival was not acknowledged
    bool has_timer = false;    // for a retransmission
    bool has_arrival = false;  // an arrival is planned
  };

  [[nodiscard]] static Direction direction_from(Side side) {
    return side == Side::client ? Direction::request : Direction::answer;
  }
  [[nodiscard]] End& end(Side side) { return ends_[static_cast<std::size_t>(side)]; }
  [[nodiscard]] const End& end(Side side) const { return ends_[static_cast<std::size_t>(side)]; }
  void notify(Side side) const;

  [[nodiscard]] const Weather& weather() const;
  // One packet from this side.
  [[nodiscard]] bool loses_packet_from(Side side);
  void plan(Duration delay, void (TcpConnection::*act)());
  void plan(TimePoint moment, Side side, void (TcpConnection::*act)(Side));

  void send_syn();
  void on_syn_timeout();
  void on_unreachable();
  void on_syn();
  void on_syn_ack();
  void on_refusal();
  [[nodiscard]] std::shared_ptr<AcceptQueue> queue_for_syn() const;

  void pump(Side sender);
  [[nodiscard]] TimePoint arrival_of(const TcpFlow& flow, std::size_t size);
  void plan_arrival(Side sender);
  void on_arrival(Side sender);
  void take_in(Side sender, TcpFlow::Segment segment);
  [[nodiscard]] bool enter_queue();
  [[nodiscard]] bool is_cut_by_weather(Side sender, TcpFlow::Segment& segment);
  void acknowledge(Side sender);
  void start_timer(Side sender);
  void on_timer(Side sender);

  void break_off(Side side);
  void send_reset(Side sender);
  void on_reset(Side sender);
  void fail(Side side, int error);

  std::shared_ptr<Stack> stack_;
  std::array<End, 2> ends_;
  std::shared_ptr<AcceptQueue> queue_;  // to join after the handshake
  std::optional<Scheduler::Plan> syn_timer_;
  int syns_ = 0;
  bool is_established_ = false;
  std::size_t answered_ = 0;  // bytes of answers that have arrived
};

// A listening tcp(7) socket.
class TcpListener final : public Socket {
 public:
  static Errno<std::shared_ptr<Socket>> listen(const std::shared_ptr<Stack>& stack,
                                               const host::Endpoint& at, const Identity& who,
                                               std::size_t backlog);

  // The end must be free.
  TcpListener(std::shared_ptr<Stack> stack, const IpPort& own, std::size_t backlog);
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;
  ~TcpListener() override { TcpListener::close(); }

  [[nodiscard]] Errno<std::shared_ptr<Socket>> accept() override;
  [[nodiscard]] Errno<host::Endpoint> local_endpoint() const override;
  [[nodiscard]] bool is_readable() const override;
  [[nodiscard]] bool is_writable() const override { return false; }
  void close() override;

  [[nodiscard]] const std::shared_ptr<AcceptQueue>& queue() const { return queue_; }

 private:
  std::shared_ptr<Stack> stack_;
  IpPort own_;
  std::shared_ptr<AcceptQueue> queue_;  // nothing: it is closed
};

// One end of a connection.
class TcpSocket final : public Socket {
 public:
  using Side = TcpConnection::Side;

  static Errno<std::shared_ptr<Socket>> connect(const std::shared_ptr<Stack>& stack,
                                                const host::Endpoint& to, const Identity& who,
                                                const std::optional<host::Endpoint>& from);

  TcpSocket(std::shared_ptr<TcpConnection> connection, Side side);
  TcpSocket(const TcpSocket&) = delete;
  TcpSocket& operator=(const TcpSocket&) = delete;
  ~TcpSocket() override { TcpSocket::close(); }

  Errno<std::size_t> send(std::string_view bytes) override;
  [[nodiscard]] Errno<std::string> receive(std::size_t limit) override;
  [[nodiscard]] int take_error() override;
  [[nodiscard]] Errno<host::Endpoint> local_endpoint() const override;
  [[nodiscard]] Errno<host::Endpoint> peer_endpoint() const override;
  [[nodiscard]] bool is_readable() const override;
  [[nodiscard]] bool is_writable() const override;
  void close() override;
  void reset() override;

 private:
  std::shared_ptr<TcpConnection> connection_;  // nothing: it is closed
  Side side_;
};

}  // namespace sim
