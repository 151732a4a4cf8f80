#include "agent/posix/network.h"

#include "agent/host/result.h"
#include "agent/posix/clock.h"
#include "agent/posix/port_sockets.h"
#include "agent/posix/socket_address.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>
#include <vector>

namespace posix {
namespace {

using host::Conversation;
using host::Endpoint;

// The size of one read: large enough for any UDP datagram, and more than a unix socket sends by
// default (net.core.wmem_default).
constexpr std::size_t buffer_size = 256UL * 1024;

// The call has to be repeated when poll reports that it can succeed.
bool is_for_later(int errno_value) { return errno_value == EAGAIN || errno_value == EINTR; }

// unix(7), autobind: for an address without a path Linux chooses an abstract one, which is not a
// file.
int take_any_address(int socket) {
  const sockaddr any = {.sa_family = AF_UNIX, .sa_data = {}};
  return ::bind(socket, &any, sizeof any.sa_family);
}

host::Error over() { return {.text = "the conversation is over"}; }

}  // namespace

host::Result<Conversation> PosixNetwork::open(const Endpoint& endpoint) {
  const auto peer = address_of(endpoint);
  if (!peer) {
    return tl::unexpected(peer.error());
  }
  Talk talk{.id = Conversation(next_id_++),
            .name = host::text_of(endpoint),
            .is_stream = host::is_stream(endpoint.kind)};
  const int type = (talk.is_stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
  talk.socket = Descriptor(::socket(peer->storage.ss_family, type, 0));
  if (!talk.socket.is_open() || (endpoint.kind == Endpoint::Kind::unix_datagram &&
                                 take_any_address(talk.socket.get()) != 0)) {
    return tl::unexpected(host::error_from(errno, talk.name));
  }
  const int failure = ::connect(talk.socket.get(), peer->get(), peer->size) == 0 ? 0 : errno;
  // A unix socket has the errors of a file, and its connect never waits: it fails if there is no
  // room.
  if (failure != 0 && endpoint.kind != Endpoint::Kind::tcp) {
    return tl::unexpected(host::error_from(failure, talk.name));
  }
  const auto id = talk.id;
  auto& opened = talks_.emplace(id, std::move(talk)).first->second;
  if (failure == 0) {
    on_connected(opened);
  } else if (failure != EINPROGRESS) {
    end(opened, host::error_from(failure, opened.name));
  }
  return id;
}

host::Result<Endpoint> PosixNetwork::local_endpoint(Conversation conversation) const {
  const auto found = talks_.find(conversation);
  if (found == talks_.end() || !found->second.socket.is_open()) {
    return tl::unexpected(over());
  }
  const Talk& talk = found->second;
  SocketAddress address{.size = sizeof address.storage};
  if (::getsockname(talk.socket.get(), address.get(), &address.size) != 0) {
    return tl::unexpected(host::error_from(errno, talk.name));
  }
  if (!talk.is_connected || address.storage.ss_family == AF_UNIX) {
    return tl::unexpected(host::Error{
        .text = talk.name + ": this end has no address yet, or none that has a textual form"});
  }
  return endpoint_of(talk.is_stream ? Endpoint::Kind::tcp : Endpoint::Kind::udp, address);
}

host::Result<void> PosixNetwork::send(Conversation conversation, std::string_view bytes) {
  const auto found = talks_.find(conversation);
  if (found == talks_.end() || !found->second.socket.is_open()) {
    return tl::unexpected(over());
  }
  Talk& talk = found->second;
  if (talk.is_stream) {
    talk.unsent += bytes;
    write(talk);
    return {};
  }
  if (::send(talk.socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) {
    // A datagram for which there is no room is lost, as it could be in transit. Any other error is
    // that of an earlier datagram: the peer does not listen.
    if (const int failure = errno; !is_for_later(failure) && failure != ENOBUFS) {
      fail(talk, host::error_from(failure, talk.name));
    }
  }
  return {};
}

host::NetworkEvent PosixNetwork::next(host::TimePoint deadline) {
  std::vector<pollfd> polled;
  std::vector<Talk*> talking;
  for (bool is_over = false; events_.is_empty() && !is_over;) {
    polled.clear();
    talking.clear();
    for (auto& [id, talk] : talks_) {
      if (talk.socket.is_open()) {
        const bool writes = !talk.is_connected || !talk.unsent.empty();
        polled.push_back({.fd = talk.socket.get(),
                          .events = static_cast<short>(writes ? POLLIN | POLLOUT : POLLIN),
                          .revents = 0});
        talking.push_back(&talk);
      }
    }
    // Events that happened by the deadline count even if it has passed.
    is_over = std::chrono::steady_clock::now() >= deadline;
    if (::poll(polled.data(), polled.size(), poll_timeout_ms(deadline)) <= 0) {
      continue;
    }
    for (std::size_t i = 0; i < polled.size(); ++i) {
      go_on(*talking[i], polled[i].revents);
    }
  }
  return events_.take();
}

host::Result<std::vector<host::Rival>> PosixNetwork::holders(host::Endpoint::Kind kind,
                                                             std::uint16_t port) {
  return holders_of(kind, port);
}

host::Result<std::vector<host::Rival>> PosixNetwork::rivals(const host::ProcessId& owner,
                                                            std::uint16_t port) {
  return udp_rivals(owner, port);
}

void PosixNetwork::close(Conversation conversation) {
  talks_.erase(conversation);
  events_.forget(conversation);
}

// At most one read and one write, so that a peer that sends without pause does not starve the
// others.
void PosixNetwork::go_on(Talk& talk, short happened) {
  if (happened == 0) {
    return;
  }
  if (!talk.is_connected) {
    int failure = 0;
    socklen_t size = sizeof failure;
    ::getsockopt(talk.socket.get(), SOL_SOCKET, SO_ERROR, &failure, &size);
    if (failure != 0) {
      end(talk, host::error_from(failure, talk.name));
    } else {
      on_connected(talk);
    }
    return;
  }
  if ((happened & ~POLLOUT) != 0) {
    receive(talk);
  }
  if ((happened & POLLOUT) != 0 && talk.socket.is_open()) {
    write(talk);
  }
}

void PosixNetwork::on_connected(Talk& talk) {
  talk.is_connected = true;
  if (talk.is_stream) {
    events_.push(host::Connected{.conversation = talk.id});
  }
}

void PosixNetwork::receive(Talk& talk) {
  if (const auto taken = take(talk); !taken) {
    fail(talk, taken.error());
  }
}

host::Result<std::optional<std::size_t>> PosixNetwork::take(Talk& talk) {
  if (buffer_ == nullptr) {
    // The buffer is not cleared: that would cost more than most conversations.
    buffer_ = std::make_unique_for_overwrite<char[]>(buffer_size);  // NOLINT(*-avoid-c-arrays)
  }
  const ssize_t size = ::recv(talk.socket.get(), buffer_.get(), buffer_size, 0);
  if (size < 0) {
    if (is_for_later(errno)) {
      return std::nullopt;
    }
    return tl::unexpected(host::error_from(errno, talk.name));
  }
  if (size == 0 && talk.is_stream) {
    return tl::unexpected(host::Error{.text = talk.name + ": closed by the peer"});
  }
  if (size > 0) {
    events_.push(
        host::Received{.conversation = talk.id,
                       .bytes = std::string(buffer_.get(), static_cast<std::size_t>(size))});
  }
  return static_cast<std::size_t>(size);
}

void PosixNetwork::write(Talk& talk) {
  const ssize_t size =
      ::send(talk.socket.get(), talk.unsent.data(), talk.unsent.size(), MSG_NOSIGNAL);
  if (size >= 0) {
    talk.unsent.erase(0, static_cast<std::size_t>(size));
  } else if (!is_for_later(errno)) {
    fail(talk, host::error_from(errno, talk.name));
  }
}

void PosixNetwork::fail(Talk& talk, host::Error reason) {
  // More datagrams than a socket queues. The limit keeps a peer that sends without pause from
  // blocking this call or filling the memory.
  constexpr int most = 10'000;
  constexpr std::size_t most_bytes = 8UL * 1024 * 1024;
  std::size_t bytes = 0;
  for (int turn = 0; turn < most && bytes < most_bytes; ++turn) {
    const auto taken = take(talk);
    if (!taken || !*taken) {
      break;
    }
    bytes += **taken;
  }
  end(talk, std::move(reason));
}

void PosixNetwork::end(Talk& talk, host::Error reason) {
  talk.socket.reset();
  events_.push(host::Ended{.conversation = talk.id, .error = std::move(reason)});
}

}  // namespace posix
