#include "sim/machine/sockets_unix.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

namespace sim {
namespace {

constexpr auto unix_datagram = host::Endpoint::Kind::unix_datagram;

constexpr std::size_t most_unread = 10;  // net.unix.max_dgram_qlen
constexpr std::size_t letter_overhead = 768;
constexpr std::size_t longest_letter = unix_send_buffer - 32;

host::Endpoint endpoint_of(std::string name) {
  return {.kind = unix_datagram, .address = std::move(name)};
}

// unix(7), autobind: a null byte and five hexadecimal digits.
std::string abstract_address(std::uint32_t number) {
  std::array<char, 6> digits = {};
  constexpr std::uint32_t most = 0xfffff;
  (void)std::snprintf(digits.data(), digits.size(), "%05x", number & most);
  return std::string(1, '\0') + digits.data();
}

}  // namespace

bool Mailbox::has_room_for(const Mailbox& sender) const {
  return unread.size() <= most_unread || peer.lock().get() == &sender;
}

Mailbox::Letter Mailbox::take() {
  auto letter = std::move(unread.front());
  unread.pop_front();
  letter.sender->memory -= letter.bytes.size() + letter_overhead;
  if (letter.sender->is_open()) {
    letter.sender->changes->notify();
  }
  room.notify();
  return letter;
}

Errno<std::shared_ptr<Socket>> UnixDatagramSocket::bind(const std::shared_ptr<Stack>& stack,
                                                        const std::string& path,
                                                        const Identity& who) {
  auto binding = bind_unix(stack->files, path, who);
  if (!binding) {
    return tl::unexpected(binding.error());
  }
  return std::make_shared<UnixDatagramSocket>(stack, who, path, *std::move(binding));
}

Errno<std::shared_ptr<Socket>> UnixDatagramSocket::connect(
    const std::shared_ptr<Stack>& stack, const host::Endpoint& to, const Identity& who,
    const std::optional<host::Endpoint>& from) {
  auto own = Errno<std::shared_ptr<UnixBinding>>(nullptr);
  if (from) {
    own = bind_unix(stack->files, from->address, who);
    if (!own) {
      return tl::unexpected(own.error());
    }
  }
  auto name = from ? from->address : abstract_address(++stack->last_mailbox);
  auto socket = std::make_shared<UnixDatagramSocket>(stack, who, std::move(name), *std::move(own));
  const auto peer = socket->find(to);
  if (!peer) {
    return tl::unexpected(peer.error());
  }
  socket->be_connected_to(*peer);
  return socket;
}

UnixDatagramSocket::UnixDatagramSocket(std::shared_ptr<Stack> stack, Identity who, std::string name,
                                       std::shared_ptr<UnixBinding> binding)
    : stack_(std::move(stack)), who_(who), binding_(std::move(binding)) {
  box_->name = std::move(name);
  box_->changes = &changes();
  if (binding_ != nullptr) {
    binding_->mailbox = box_.get();
  } else {
    stack_->mailboxes[box_->name] = box_.get();
  }
  stack_->unix_names.emplace(unix_datagram, box_->name);
}

void UnixDatagramSocket::be_connected_to(const std::shared_ptr<Mailbox>& peer) {
  box_->peer = peer;
  place_ = peer->room.join([this] { changes().notify(); });
  stack_->unix_names.erase(stack_->unix_names.find({unix_datagram, box_->name}));
  awaits_requests_ = false;
}

Errno<std::shared_ptr<Mailbox>> UnixDatagramSocket::find(const host::Endpoint& endpoint) const {
  Mailbox* found = nullptr;
  if (endpoint.address.starts_with('\0')) {
    const auto entry = stack_->mailboxes.find(endpoint.address);
    if (entry == stack_->mailboxes.end()) {
      return tl::unexpected(ECONNREFUSED);
    }
    found = entry->second;
  } else {
    const auto binding = find_unix(stack_->files, endpoint, who_);
    if (!binding) {
      return tl::unexpected(binding.error());
    }
    found = (*binding)->mailbox;
  }
  return found->shared_from_this();
}

// The unread datagrams to a closed peer are lost.
Errno<std::size_t> UnixDatagramSocket::send(std::string_view bytes) {
  if (!box_->is_open()) {
    return tl::unexpected(EBADF);
  }
  const auto peer = box_->peer.lock();
  if (peer == nullptr) {
    return tl::unexpected(ENOTCONN);
  }
  if (peer->is_open()) {
    return put(*peer, bytes);
  }
  box_->peer.reset();
  forget_unread();
  return tl::unexpected(ECONNREFUSED);
}

Errno<std::size_t> UnixDatagramSocket::send_to(std::string_view bytes, const host::Endpoint& to) {
  if (!box_->is_open()) {
    return tl::unexpected(EBADF);
  }
  const auto receiver = find(to);
  return receiver ? put(**receiver, bytes) : tl::unexpected(receiver.error());
}

Errno<std::size_t> UnixDatagramSocket::put(Mailbox& receiver, std::string_view bytes) {
  if (bytes.size() > longest_letter) {
    return tl::unexpected(EMSGSIZE);
  }
  if (const auto peer = receiver.peer.lock(); peer != nullptr && peer != box_) {
    return tl::unexpected(EPERM);
  }
  if (box_->memory >= unix_send_buffer || !receiver.has_room_for(*box_)) {
    return tl::unexpected(EAGAIN);
  }
  box_->memory += bytes.size() + letter_overhead;
  receiver.unread.push_back({.bytes = std::string(bytes), .sender = box_});
  receiver.changes->notify();
  return bytes.size();
}

Errno<std::string> UnixDatagramSocket::receive(std::size_t limit) {
  auto datagram = receive_from(limit);
  if (!datagram) {
    return tl::unexpected(datagram.error());
  }
  return std::move(datagram->bytes);
}

Errno<Socket::Datagram> UnixDatagramSocket::receive_from(std::size_t limit) {
  if (!box_->is_open() || box_->unread.empty()) {
    return tl::unexpected(box_->is_open() ? EAGAIN : EBADF);
  }
  auto letter = box_->take();
  if (letter.bytes.size() > limit) {
    letter.bytes.resize(limit);
  }
  return Datagram{.bytes = std::move(letter.bytes), .from = endpoint_of(letter.sender->name)};
}

Errno<host::Endpoint> UnixDatagramSocket::local_endpoint() const {
  if (!box_->is_open()) {
    return tl::unexpected(EBADF);
  }
  return endpoint_of(box_->name);
}

Errno<host::Endpoint> UnixDatagramSocket::peer_endpoint() const {
  const auto peer = box_->peer.lock();
  if (peer == nullptr || !box_->is_open()) {
    return tl::unexpected(box_->is_open() ? ENOTCONN : EBADF);
  }
  return endpoint_of(peer->name);
}

// Linux reports it as writable when three quarters of the buffer are free.
bool UnixDatagramSocket::is_writable() const {
  const auto peer = box_->peer.lock();
  const bool has_room = peer == nullptr || !peer->is_open() || peer->has_room_for(*box_);
  return has_room && box_->memory <= unix_send_buffer / 4;
}

void UnixDatagramSocket::forget_unread() {
  while (!box_->unread.empty()) {
    (void)box_->take();
  }
}

void UnixDatagramSocket::close() {
  if (!box_->is_open()) {
    return;
  }
  box_->changes = nullptr;
  place_ = {};
  if (binding_ != nullptr) {
    binding_->mailbox = nullptr;
  } else {
    stack_->mailboxes.erase(box_->name);
  }
  if (awaits_requests_) {
    stack_->unix_names.erase(stack_->unix_names.find({unix_datagram, box_->name}));
  }
  forget_unread();
  changes().notify();
}

}  // namespace sim
