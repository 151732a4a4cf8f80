#include "sim/world/sockets_tcp_flow.h"

#include <algorithm>

namespace sim {

std::size_t TcpFlow::write(std::string_view bytes) {
  const auto size = is_full() ? 0 : std::min(bytes.size(), send_buffer - unarrived());
  bytes_.append(bytes.substr(0, size));
  return size;
}

std::optional<TcpFlow::Segment> TcpFlow::next_segment(std::size_t largest) const {
  if (beginning_ == Mark::none) {
    return std::nullopt;
  }
  const auto unsent = unarrived() - in_flight_;
  const auto used = readable_ + in_flight_;
  const auto window = receive_buffer - std::min(receive_buffer, used);
  auto size = std::min(unsent, window);
  if (largest > 0) {
    size = std::min(size, largest);
  }
  const Segment segment{
      .size = size, .begins = beginning_ == Mark::due, .ends = end_ == Mark::due && size == unsent};
  return size > 0 || segment.begins || segment.ends ? std::optional(segment) : std::nullopt;
}

void TcpFlow::launch(const Segment& segment) {
  in_flight_ += segment.size;
  if (segment.begins) {
    beginning_ = Mark::in_flight;
  }
  if (segment.ends) {
    end_ = Mark::in_flight;
  }
  last_arrival_ = segment.arrival;
  flying_.push_back(segment);
}

TcpFlow::Segment TcpFlow::land(TimePoint now) {
  Segment all{.arrival = now};
  while (is_flying() && next_arrival() <= now) {
    const auto& segment = flying_.front();
    all.size += segment.size;
    all.begins = all.begins || segment.begins;
    all.ends = all.ends || segment.ends;
    flying_.pop_front();
  }
  in_flight_ -= all.size;
  return all;
}

void TcpFlow::take_back() {
  flying_.clear();
  in_flight_ = 0;
  if (beginning_ == Mark::in_flight) {
    beginning_ = Mark::due;
  }
  if (end_ == Mark::in_flight) {
    end_ = Mark::due;
  }
}

void TcpFlow::keep(const Segment& segment) {
  readable_ += segment.size;
  if (segment.begins) {
    beginning_ = Mark::arrived;
  }
  if (segment.ends) {
    end_ = Mark::arrived;
  }
}

std::string TcpFlow::read(std::size_t limit) {
  auto bytes = bytes_.take(std::min(limit, readable_));
  readable_ -= bytes.size();
  return bytes;
}

void TcpFlow::forget_unsent() {
  bytes_.keep(readable_ + in_flight_);
  if (end_ == Mark::due) {
    end_ = Mark::none;
  }
}

void TcpFlow::break_off() {
  flying_.clear();
  in_flight_ = 0;
  bytes_.keep(readable_);
}

}  // namespace sim
