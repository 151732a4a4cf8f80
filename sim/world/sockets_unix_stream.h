#pragma once

#include "sim/kernel/scheduler.h"
#include "sim/world/sockets.h"
#include "sim/world/sockets_bytes.h"
#include "sim/world/sockets_stack.h"
#include "sim/world/sockets_unix.h"

#include <array>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace sim {

// Two ends that are connected from the beginning. What one writes the other can read at once.
class UnixConnection {
 public:
  enum class Side : std::size_t { client, server };

  explicit UnixConnection(std::string path) : path_(std::move(path)) {}

  // The socket of this side, until it closes.
  void attach(Side side, WaitList& changes) { end(side).changes = &changes; }

  Errno<std::size_t> write(Side side, std::string_view bytes);
  [[nodiscard]] Errno<std::string> read(Side side, std::size_t limit);
  [[nodiscard]] bool is_readable(Side side) const;
  [[nodiscard]] bool is_writable(Side side) const;
  [[nodiscard]] int take_error(Side side) { return std::exchange(end(side).error, 0); }
  [[nodiscard]] const std::string& path() const { return path_; }

  enum class Closing { accepted, never_accepted };
  void close(Side side, Closing closing = Closing::accepted);

 private:
  struct End {
    Bytes unread = {};
    WaitList* changes = nullptr;
    int error = 0;
    bool is_closed = false;
  };

  [[nodiscard]] End& end(Side side) { return ends_[static_cast<std::size_t>(side)]; }
  [[nodiscard]] const End& end(Side side) const { return ends_[static_cast<std::size_t>(side)]; }
  [[nodiscard]] static Side other(Side side) {
    return side == Side::client ? Side::server : Side::client;
  }
  void notify(Side side) const;

  std::string path_;
  std::array<End, 2> ends_;
};

// A unix(7) stream socket that listens.
class UnixListener final : public Socket {
 public:
  static Errno<std::shared_ptr<Socket>> listen(const std::shared_ptr<Stack>& stack,
                                               const std::string& path, const Identity& who,
                                               std::size_t backlog);

  UnixListener(std::shared_ptr<Stack> stack, std::string path, std::shared_ptr<UnixBinding> binding,
               std::size_t backlog);
  UnixListener(const UnixListener&) = delete;
  UnixListener& operator=(const UnixListener&) = delete;
  ~UnixListener() override { UnixListener::close(); }

  // EAGAIN if there is no room for another one.
  [[nodiscard]] Errno<std::shared_ptr<UnixConnection>> connect();

  [[nodiscard]] Errno<std::shared_ptr<Socket>> accept() override;
  [[nodiscard]] Errno<host::Endpoint> local_endpoint() const override;
  [[nodiscard]] bool is_readable() const override { return !queue_.empty(); }
  [[nodiscard]] bool is_writable() const override { return false; }
  void close() override;

 private:
  std::shared_ptr<Stack> stack_;
  std::string path_;
  std::shared_ptr<UnixBinding> binding_;  // nothing: it is closed
  std::size_t backlog_;
  std::deque<std::shared_ptr<UnixConnection>> queue_;
};

// One end of a connection.
class UnixStreamSocket final : public Socket {
 public:
  using Side = UnixConnection::Side;

  static Errno<std::shared_ptr<Socket>> connect(const std::shared_ptr<Stack>& stack,
                                                const host::Endpoint& to, const Identity& who);

  UnixStreamSocket(std::shared_ptr<UnixConnection> connection, Side side);
  UnixStreamSocket(const UnixStreamSocket&) = delete;
  UnixStreamSocket& operator=(const UnixStreamSocket&) = delete;
  ~UnixStreamSocket() override { UnixStreamSocket::close(); }

  Errno<std::size_t> send(std::string_view bytes) override;
  [[nodiscard]] Errno<std::string> receive(std::size_t limit) override;
  [[nodiscard]] int take_error() override;
  [[nodiscard]] Errno<host::Endpoint> local_endpoint() const override;
  [[nodiscard]] Errno<host::Endpoint> peer_endpoint() const override;
  [[nodiscard]] bool is_readable() const override;
  [[nodiscard]] bool is_writable() const override;
  void close() override;

 private:
  [[nodiscard]] Errno<host::Endpoint> endpoint_of(Side side) const;

  std::shared_ptr<UnixConnection> connection_;  // nothing: it is closed
  Side side_;
};

}  // namespace sim
