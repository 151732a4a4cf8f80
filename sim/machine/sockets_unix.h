#pragma once

#include "sim/kernel/scheduler.h"
#include "sim/machine/files.h"
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
#include <utility>

namespace sim {

// The common part of both kinds of unix(7) sockets; internal to Sockets.

class UnixListener;
struct Mailbox;

// net.core.wmem_default: the unread data that a socket may have sent.
inline constexpr std::size_t unix_send_buffer = 212'992;

// The socket behind a socket file, as long as it is open: one of these.
struct UnixBinding {
  UnixListener* listener = nullptr;
  Mailbox* mailbox = nullptr;
};

// EADDRINUSE if the path exists, even as the file of a closed socket.
[[nodiscard]] Errno<std::shared_ptr<UnixBinding>> bind_unix(Files& files, const std::string& path,
                                                            const Identity& who);

// EACCES without write permission, ECONNREFUSED if no socket is open there, EPROTOTYPE for the
// other kind.
[[nodiscard]] Errno<std::shared_ptr<UnixBinding>> find_unix(const Files& files,
                                                            const host::Endpoint& endpoint,
                                                            const Identity& who);

// The part of a datagram socket that others use.
struct Mailbox : std::enable_shared_from_this<Mailbox> {
  struct Letter {
    std::string bytes;
    std::shared_ptr<Mailbox> sender;
  };

  std::string name;  // a path, an abstract address, or nothing
  std::deque<Letter> unread;
  std::size_t memory = 0;  // of its unread datagrams at receivers
  std::weak_ptr<Mailbox> peer;
  WaitList* changes = nullptr;  // of the socket; nothing: it is closed
  WaitList room;                // for sockets that are connected to it

  [[nodiscard]] bool is_open() const { return changes != nullptr; }
  // Linux accepts one more than net.unix.max_dgram_qlen, and any number from its own peer.
  [[nodiscard]] bool has_room_for(const Mailbox& sender) const;
  [[nodiscard]] Letter take();
};

// A unix(7) socket for datagrams.
class UnixDatagramSocket final : public Socket {
 public:
  static Errno<std::shared_ptr<Socket>> bind(const std::shared_ptr<Stack>& stack,
                                             const std::string& path, const Identity& who);
  // Without a source path it binds itself to an abstract address, as autobind does.
  static Errno<std::shared_ptr<Socket>> connect(const std::shared_ptr<Stack>& stack,
                                                const host::Endpoint& to, const Identity& who,
                                                const std::optional<host::Endpoint>& from);

  // Without a file the name is an abstract address.
  UnixDatagramSocket(std::shared_ptr<Stack> stack, Identity who, std::string name,
                     std::shared_ptr<UnixBinding> binding);
  UnixDatagramSocket(const UnixDatagramSocket&) = delete;
  UnixDatagramSocket& operator=(const UnixDatagramSocket&) = delete;
  ~UnixDatagramSocket() override { UnixDatagramSocket::close(); }

  Errno<std::size_t> send(std::string_view bytes) override;
  Errno<std::size_t> send_to(std::string_view bytes, const host::Endpoint& to) override;
  [[nodiscard]] Errno<std::string> receive(std::size_t limit) override;
  [[nodiscard]] Errno<Datagram> receive_from(std::size_t limit) override;
  [[nodiscard]] Errno<host::Endpoint> local_endpoint() const override;
  [[nodiscard]] Errno<host::Endpoint> peer_endpoint() const override;
  [[nodiscard]] bool is_readable() const override { return !box_->unread.empty(); }
  [[nodiscard]] bool is_writable() const override;
  void close() override;

 private:
  void be_connected_to(const std::shared_ptr<Mailbox>& peer);
  [[nodiscard]] Errno<std::shared_ptr<Mailbox>> find(const host::Endpoint& endpoint) const;
  Errno<std::size_t> put(Mailbox& receiver, std::string_view bytes);
  void forget_unread();

  std::shared_ptr<Stack> stack_;
  Identity who_;
  std::shared_ptr<UnixBinding> binding_;
  std::shared_ptr<Mailbox> box_ = std::make_shared<Mailbox>();
  WaitList::Place place_;  // in the list for the peer's room
  bool awaits_requests_ = true;
};

// Two connected ends. Data are readable immediately.
class UnixConnection {
 public:
  enum class Side : std::size_t { client, server };

  explicit UnixConnection(std::string path) : path_(std::move(path)) {}

  // The socket of this side; null after its close.
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

// A listening unix(7) stream socket.
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

  // EAGAIN if the queue is full.
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
