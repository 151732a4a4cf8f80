#include "sim/machine/sockets_tcp.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

namespace sim {
namespace {

constexpr auto tcp = host::Endpoint::Kind::tcp;

// tcp(7), tcp_syn_retries: the SYN is repeated after 1, 3, 7, 15, 31 and 63 s, and the attempt
// fails after 127 s.
constexpr std::chrono::seconds first_syn_timeout{1};
constexpr int most_syns = 7;

// RFC 6298, with the minimum of Linux; tcp_retries2 makes it about 15 minutes in total.
constexpr std::chrono::milliseconds first_timeout{200};
constexpr std::chrono::seconds first_handshake_timeout{1};
constexpr std::chrono::seconds longest_timeout{120};
constexpr int most_losses = 15;

}  // namespace

TcpConnection::TcpConnection(std::shared_ptr<Stack> stack, const IpPort& client,
                             const IpPort& server)
    : stack_(std::move(stack)), ends_{End{.address = client}, End{.address = server}} {
  stack_->connecting_ends.insert(client);
}

TcpConnection::~TcpConnection() { stack_->connecting_ends.erase(address(Side::client)); }

void TcpConnection::notify(Side side) const {
  if (end(side).changes != nullptr) {
    end(side).changes->notify();
  }
}

const Weather& TcpConnection::weather() const {
  const auto* const here = stack_->ways.weather_at(tcp, address(Side::server));
  return here != nullptr ? *here : stack_->ways.weather();
}

bool TcpConnection::loses_packet_from(Side side) {
  return !stack_->ways.has(address(other(side)).address) ||
         stack_->ways.loses(weather(), direction_from(side));
}

void TcpConnection::plan(Duration delay, void (TcpConnection::*act)()) {
  stack_->time.in(delay, [self = shared_from_this(), act] {
    if (!self->stack_->is_off) {
      (*self.*act)();
    }
  });
}

void TcpConnection::plan(TimePoint moment, Side side, void (TcpConnection::*act)(Side)) {
  stack_->time.at(moment, [self = shared_from_this(), side, act] {
    if (!self->stack_->is_off) {
      (*self.*act)(side);
    }
  });
}

// The handshake.

void TcpConnection::open() { send_syn(); }

void TcpConnection::send_syn() {
  syn_timer_ = stack_->time.in(first_syn_timeout * (1 << syns_), [weak = weak_from_this()] {
    if (const auto self = weak.lock()) {
      self->on_syn_timeout();
    }
  });
  ++syns_;
  if (const auto route = stack_->ways.route_to(address(Side::server).address)) {
    if (route->error != 0) {
      plan(route->after, &TcpConnection::on_unreachable);
    }
  } else if (!loses_packet_from(Side::client)) {
    plan(stack_->ways.delay(weather()), &TcpConnection::on_syn);
  }
}

void TcpConnection::on_syn_timeout() {
  syn_timer_.reset();
  if (stack_->is_off) {
    return;
  }
  if (syns_ < most_syns) {
    send_syn();
  } else {
    fail(Side::client, ETIMEDOUT);
  }
}

void TcpConnection::on_unreachable() {
  const auto route = stack_->ways.route_to(address(Side::server).address);
  if (!is_established_ && route && route->error != 0) {
    fail(Side::client, route->error);
  }
}

std::shared_ptr<AcceptQueue> TcpConnection::queue_for_syn() const {
  const auto* const listener = stack_->tcp.find(address(Side::server));
  return listener == nullptr || weather().refuses ? nullptr : listener->queue();
}

void TcpConnection::on_syn() {
  if (is_established_ || end(Side::client).is_over || end(Side::client).is_closed) {
    return;
  }
  queue_ = queue_for_syn();
  if ((queue_ != nullptr && queue_->is_full()) || loses_packet_from(Side::server)) {
    return;
  }
  plan(stack_->ways.delay(weather()),
       queue_ != nullptr ? &TcpConnection::on_syn_ack : &TcpConnection::on_refusal);
}

void TcpConnection::on_refusal() {
  if (!is_established_) {
    fail(Side::client, ECONNREFUSED);
  }
}

void TcpConnection::on_syn_ack() {
  if (is_established_ || end(Side::client).is_over || end(Side::client).is_closed) {
    return;
  }
  stack_->time.cancel(*std::exchange(syn_timer_, std::nullopt));
  is_established_ = true;
  end(Side::client).flow.begin_with_ack();
  end(Side::server).flow.begin();
  pump(Side::client);
  notify(Side::client);
}

// Returns false if the queue is full: the machine does not complete the handshake then.
bool TcpConnection::enter_queue() {
  if (queue_->is_full()) {
    return false;
  }
  const auto queue = std::exchange(queue_, nullptr);
  queue->connections.push_back(shared_from_this());
  queue->changes->notify();
  return true;
}

// The sockets.

Errno<std::size_t> TcpConnection::write(Side side, std::string_view bytes) {
  auto& mine = end(side);
  if (const int error = take_error(side); error != 0) {
    return tl::unexpected(error);
  }
  if (mine.is_over) {
    return tl::unexpected(EPIPE);
  }
  if (!is_established_ || (mine.flow.is_full() && !bytes.empty())) {
    return tl::unexpected(EAGAIN);
  }
  const auto size = mine.flow.write(bytes);
  pump(side);
  return size;
}

Errno<std::string> TcpConnection::read(Side side, std::size_t limit) {
  auto& theirs = end(other(side)).flow;
  if (theirs.readable() > 0) {
    auto bytes = theirs.read(limit);
    pump(other(side));  // the window has opened
    return bytes;
  }
  if (theirs.has_ended()) {
    return "";
  }
  if (const int error = take_error(side); error != 0) {
    return tl::unexpected(error);
  }
  return end(side).is_over ? Errno<std::string>("") : tl::unexpected(EAGAIN);
}

int TcpConnection::take_error(Side side) { return std::exchange(end(side).error, 0); }

bool TcpConnection::is_readable(Side side) const {
  const auto& theirs = end(other(side)).flow;
  return theirs.readable() > 0 || theirs.has_ended() || end(side).is_over;
}

bool TcpConnection::is_writable(Side side) const {
  return end(side).is_over || (is_established_ && end(side).flow.is_roomy());
}

void TcpConnection::close(Side side) {
  auto& mine = end(side);
  mine.changes = nullptr;
  mine.is_closed = true;
  if (stack_->is_off || mine.is_over) {
    return;
  }
  if (!is_established_) {
    fail(side, ECONNABORTED);
  } else if (end(other(side)).flow.readable() > 0) {
    break_off(side);  // RFC 2525, 2.17: data that will not be read
  } else {
    mine.flow.finish();
    pump(side);
  }
}

void TcpConnection::reset(Side side) {
  auto& mine = end(side);
  mine.changes = nullptr;
  mine.is_closed = true;
  if (stack_->is_off || mine.is_over) {
    return;
  }
  if (is_established_) {
    break_off(side);
  } else {
    fail(side, ECONNABORTED);
  }
}

// Segments in flight.

void TcpConnection::pump(Side sender) {
  auto& mine = end(sender);
  if (mine.is_stalled || mine.is_over || stack_->is_off) {
    return;
  }
  while (auto segment = mine.flow.next_segment(weather().largest_segment)) {
    if (loses_packet_from(sender)) {
      mine.is_stalled = true;
      start_timer(sender);
      break;
    }
    segment->arrival = arrival_of(mine.flow, segment->size);
    mine.flow.launch(*segment);
  }
  plan_arrival(sender);
}

TimePoint TcpConnection::arrival_of(const TcpFlow& flow, std::size_t size) {
  constexpr Duration least_gap = std::chrono::microseconds(1);
  const auto& sky = weather();
  const auto delay = stack_->ways.delay(sky);
  const auto earliest = stack_->time.now() + delay;
  if (size > 0 && sky.merging > Duration(0) && flow.last_arrival() < earliest) {
    return earliest + sky.merging;
  }
  if (sky.largest_segment > 0 && flow.is_flying()) {
    return std::max(earliest, flow.last_arrival() + std::max(delay, least_gap));
  }
  return std::max(earliest, flow.last_arrival());
}

void TcpConnection::plan_arrival(Side sender) {
  auto& mine = end(sender);
  if (!mine.has_arrival && mine.flow.is_flying()) {
    mine.has_arrival = true;
    plan(mine.flow.next_arrival(), sender, &TcpConnection::on_arrival);
  }
}

void TcpConnection::on_arrival(Side sender) {
  auto& mine = end(sender);
  mine.has_arrival = false;
  const auto segment = mine.flow.land(stack_->time.now());
  if (segment.size > 0 || segment.begins || segment.ends) {
    take_in(sender, segment);
  }
  plan_arrival(sender);
}

void TcpConnection::take_in(Side sender, TcpFlow::Segment segment) {
  const auto receiver = other(sender);
  auto& flow = end(sender).flow;
  if (segment.begins && (queue_ == nullptr || queue_->changes == nullptr)) {
    break_off(receiver);  // the listener is closed
    return;
  }
  if (segment.begins && !enter_queue()) {
    flow.take_back();
    end(sender).is_stalled = true;
    start_timer(sender);
    return;
  }
  if ((end(receiver).is_closed || end(receiver).is_over) && segment.size > 0) {
    flow.break_off();
    break_off(receiver);
    return;
  }
  const bool is_cut = is_cut_by_weather(sender, segment);
  flow.keep(segment);
  if (is_cut) {
    flow.break_off();
    fail(receiver, ECONNRESET);
    send_reset(receiver);
    return;
  }
  acknowledge(sender);
  if (segment.size > 0 || segment.ends) {
    notify(receiver);
    notify(sender);
  }
}

bool TcpConnection::is_cut_by_weather(Side sender, TcpFlow::Segment& segment) {
  if (sender == Side::client) {
    return false;
  }
  const auto limit = weather().resets_after;
  const bool is_cut = limit && segment.size > 0 && answered_ + segment.size >= *limit;
  if (is_cut) {
    segment.size = *limit - std::min(*limit, answered_);
    segment.ends = false;
  }
  answered_ += segment.size;
  return is_cut;
}

// Acknowledges to the sender. The random loss of an acknowledgement has no effect, because the next
// one replaces it.
void TcpConnection::acknowledge(Side sender) {
  auto& theirs = end(sender);
  theirs.is_unheard = is_silent(weather(), direction_from(other(sender)));
  if (theirs.is_unheard) {
    start_timer(sender);
  } else {
    theirs.losses = 0;
  }
}

void TcpConnection::start_timer(Side sender) {
  auto& mine = end(sender);
  if (mine.has_timer) {
    return;
  }
  if (++mine.losses > most_losses) {
    fail(sender, ETIMEDOUT);
    return;
  }
  mine.has_timer = true;
  const bool is_handshake = sender == Side::client && !mine.flow.has_begun();
  const Duration timeout = is_handshake ? Duration(first_handshake_timeout) : first_timeout;
  plan(stack_->time.now() + std::min<Duration>(timeout * (1 << (mine.losses - 1)), longest_timeout),
       sender, &TcpConnection::on_timer);
}

void TcpConnection::on_timer(Side sender) {
  auto& mine = end(sender);
  mine.has_timer = false;
  if (mine.is_over) {
    return;
  }
  mine.is_stalled = false;
  if (mine.is_unheard && !loses_packet_from(sender)) {
    mine.is_unheard = is_silent(weather(), direction_from(other(sender)));
  }
  pump(sender);
  if (mine.is_unheard) {
    start_timer(sender);
  }
}

// Aborting a connection.

void TcpConnection::break_off(Side side) {
  end(side).is_over = true;
  end(side).flow.forget_unsent();
  send_reset(side);
}

// RST follows the data in flight, and is not repeated.
void TcpConnection::send_reset(Side sender) {
  if (loses_packet_from(sender)) {
    return;
  }
  const auto arrival = stack_->time.now() + stack_->ways.delay(weather());
  plan(std::max(arrival, end(sender).flow.last_arrival()), sender, &TcpConnection::on_reset);
}

void TcpConnection::on_reset(Side sender) {
  if (end(sender).flow.is_flying()) {
    on_arrival(sender);
  }
  // Linux: the other end may have received a FIN before.
  fail(other(sender), end(sender).flow.has_got_end() ? EPIPE : ECONNRESET);
}

void TcpConnection::fail(Side side, int error) {
  auto& mine = end(side);
  if (mine.is_over) {
    return;
  }
  mine.is_over = true;
  if (syn_timer_ && side == Side::client) {
    stack_->time.cancel(*std::exchange(syn_timer_, std::nullopt));
  }
  mine.flow.break_off();
  if (!mine.is_closed) {
    mine.error = error;
    notify(side);
  }
}

}  // namespace sim
