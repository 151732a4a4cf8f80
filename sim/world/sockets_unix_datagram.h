#pragma once

#include "sim/kernel/scheduler.h"
#include "sim/world/sockets.h"
#include "sim/world/sockets_stack.h"
#include "sim/world/sockets_unix.h"

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sim {

// What others know of a datagram socket.
struct Mailbox : std::enable_shared_from_this<Mailbox> {
  struct Letter {
    std::string bytes;
    std::shared_ptr<Mailbox> sender;
  };

  std::string name;  // a path, an abstract address, or nothing
  std::deque<Letter> unread;
  std::size_t memory = 0;  // that its letters take where nobody has read them
  std::weak_ptr<Mailbox> peer;
  WaitList* changes = nullptr;  // of the socket; nothing: it is closed
  WaitList room;                // for those who are connected to it

  [[nodiscard]] bool is_open() const { return changes != nullptr; }
  // Linux takes one more than net.unix.max_dgram_qlen, and any number from the own peer.
  [[nodiscard]] bool has_room_for(const Mailbox& sender) const;
  [[nodiscard]] Letter take();
};

// A unix(7) socket for datagrams.
class UnixDatagramSocket final : public Socket {
 public:
  static Errno<std::shared_ptr<Socket>> bind(const std::shared_ptr<Stack>& stack,
                                             const std::string& path, const Identity& who);
  // Without a path to come from it binds itself to an abstract address, as autobind does.
  static Errno<std::shared_ptr<Socket>> connect(const std::shared_ptr<Stack>& stack,
                                                const host::Endpoint& to, const Identity& who,
                                                const std::optional<host::Endpoint>& from);

  // Without a binding the name is an abstract address.
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
  WaitList::Place place_;  // where the peer has room
  bool awaits_requests_ = true;
};

}  // namespace sim
