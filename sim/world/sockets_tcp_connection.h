#pragma once

#include "sim/kernel/scheduler.h"
#include "sim/world/errno.h"
#include "sim/world/sockets.h"
#include "sim/world/sockets_address.h"
#include "sim/world/sockets_stack.h"
#include "sim/world/sockets_tcp_flow.h"

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

class TcpConnection;

// listen(2): connections that nobody has accepted yet.
struct AcceptQueue {
  std::deque<std::shared_ptr<TcpConnection>> connections;
  std::size_t backlog = 0;
  WaitList* changes = nullptr;  // of the socket; nothing: it is closed

  // Linux takes one more than the backlog.
  [[nodiscard]] bool is_full() const { return connections.size() > backlog; }
};

// A tcp connection with both ends, from the first SYN on: what the machine does for it, whether the
// processes run or not (RFC 9293). It lives on without them until all is said.
//
// Not every segment is there: acknowledgements take no time, and when a segment is lost nothing
// more is sent until it gets through, so none overtakes another.
class TcpConnection : public std::enable_shared_from_this<TcpConnection> {
 public:
  enum class Side : std::size_t { client, server };

  [[nodiscard]] static Side other(Side side) {
    return side == Side::client ? Side::server : Side::client;
  }

  // The end of the client must be free, and is again when the connection is gone.
  TcpConnection(std::shared_ptr<Stack> stack, const IpPort& client, const IpPort& server);
  TcpConnection(const TcpConnection&) = delete;
  TcpConnection& operator=(const TcpConnection&) = delete;
  ~TcpConnection();

  // The client sends its SYN.
  void open();

  // The socket of this side, which is to be told of changes until it closes.
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
    // What this end sends:
    TcpFlow flow = {};
    int losses = 0;            // in succession
    bool is_stalled = false;   // a segment was lost
    bool is_unheard = false;   // what arrived was not acknowledged
    bool has_timer = false;    // of retransmission
    bool has_arrival = false;  // that is planned
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
  std::shared_ptr<AcceptQueue> queue_;  // to be entered
  std::optional<Scheduler::Plan> syn_timer_;
  int syns_ = 0;
  bool is_established_ = false;
  std::size_t answered_ = 0;  // bytes of answers that have arrived
};

}  // namespace sim
