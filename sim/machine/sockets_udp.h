#pragma once

#include "sim/machine/sockets.h"
#include "sim/machine/sockets_stack.h"

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

// udp(7).
class UdpSocket final : public Socket {
 public:
  static Errno<std::shared_ptr<Socket>> bind(const std::shared_ptr<Stack>& stack,
                                             const host::Endpoint& at, const Identity& who);
  static Errno<std::shared_ptr<Socket>> connect(const std::shared_ptr<Stack>& stack,
                                                const host::Endpoint& to, const Identity& who,
                                                const std::optional<host::Endpoint>& from);

  // Receives datagrams to its end, which must be free.
  UdpSocket(std::shared_ptr<Stack> stack, const IpPort& own, const std::optional<IpPort>& peer);
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;
  ~UdpSocket() override { UdpSocket::close(); }

  Errno<std::size_t> send(std::string_view bytes) override;
  Errno<std::size_t> send_to(std::string_view bytes, const host::Endpoint& to) override;
  [[nodiscard]] Errno<std::string> receive(std::size_t limit) override;
  [[nodiscard]] Errno<Datagram> receive_from(std::size_t limit) override;
  [[nodiscard]] int take_error() override;
  [[nodiscard]] Errno<host::Endpoint> local_endpoint() const override;
  [[nodiscard]] Errno<host::Endpoint> peer_endpoint() const override;
  [[nodiscard]] bool is_readable() const override;
  [[nodiscard]] bool is_writable() const override { return true; }
  void close() override;

  [[nodiscard]] bool is_connected() const { return peer_.has_value(); }

 private:
  struct Packet {
    std::string bytes;
    IpPort from;
    IpPort to;
  };

  static const Weather& weather_of(const Stack& stack, const Packet& packet, Direction& direction);
  static void arrive(const std::shared_ptr<Stack>& stack, Packet packet);
  static void refuse(const std::shared_ptr<Stack>& stack, const Packet& packet);

  Errno<std::size_t> send_packet(std::string_view bytes, const IpPort& to);
  void launch(Packet packet);
  [[nodiscard]] TimePoint arrival_of(const Packet& packet, const Weather& weather);
  Errno<Packet> take(std::size_t limit);
  void keep(Packet packet);

  std::shared_ptr<Stack> stack_;
  IpPort own_;
  std::optional<IpPort> peer_;
  std::deque<Packet> unread_;
  std::size_t memory_ = 0;  // of unread datagrams
  int error_ = 0;
  bool is_open_ = true;
  IpPort last_to_;
  TimePoint last_arrival_;
};

}  // namespace sim
