#pragma once

#include "sim/world/sockets.h"
#include "sim/world/sockets_stack.h"
#include "sim/world/sockets_tcp_connection.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

// A tcp(7) socket that listens.
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
