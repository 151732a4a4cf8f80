#include "sim/host/network.h"

#include "agent/host/result.h"

#include <cerrno>
#include <utility>

namespace sim {
namespace {

using host::Conversation;
using host::Endpoint;

// The read size of the POSIX host.
constexpr std::size_t buffer_size = 256UL * 1024;

// EINVAL means that the address is invalid; the texts are those of the POSIX host.
host::Error error_of(int errno_value, const Endpoint& endpoint) {
  const auto name = host::text_of(endpoint);
  if (errno_value != EINVAL) {
    return host::error_from(errno_value, name);
  }
  const bool is_ip = endpoint.kind == Endpoint::Kind::udp || endpoint.kind == Endpoint::Kind::tcp;
  return {.text =
              name + (is_ip ? ": not an IP address" : ": the path of a socket has 1 to 107 bytes")};
}

host::Error over() { return {.text = "the conversation is over"}; }

}  // namespace

SimNetwork::SimNetwork(Scheduler& time, Sockets& sockets, const Identity& identity)
    : SimNetwork(
          [&time](TimePoint deadline, const std::function<bool()>& condition) {
            return time.pass_until(deadline, condition);
          },
          sockets, identity) {}

SimNetwork::SimNetwork(PassUntil pass_until, Sockets& sockets, const Identity& identity)
    : pass_until_(std::move(pass_until)), sockets_(sockets), identity_(identity) {}

host::Result<Conversation> SimNetwork::open(const Endpoint& endpoint) {
  auto socket = sockets_.connect(endpoint, identity_);
  // A failed TCP connection is reported as an event, unless the address cannot be reached at all.
  if (!socket && (endpoint.kind != Endpoint::Kind::tcp || socket.error() == EINVAL)) {
    return tl::unexpected(error_of(socket.error(), endpoint));
  }
  const auto id = Conversation(next_id_++);
  auto& talk = talks_[id];
  talk.id = id;
  talk.name = host::text_of(endpoint);
  talk.is_stream = host::is_stream(endpoint.kind);
  if (!socket) {
    end(talk, host::error_from(socket.error(), talk.name));
    return id;
  }
  talk.socket = *std::move(socket);
  talk.place = talk.socket->changes().join([this, &talk] { note_change(talk); });
  if (endpoint.kind != Endpoint::Kind::tcp) {
    on_connected(talk);
  }
  return id;
}

host::Result<Endpoint> SimNetwork::local_endpoint(Conversation conversation) const {
  const auto found = talks_.find(conversation);
  if (found == talks_.end() || found->second.socket == nullptr) {
    return tl::unexpected(over());
  }
  const Talk& talk = found->second;
  auto endpoint = talk.socket->local_endpoint();
  if (!endpoint) {
    return tl::unexpected(host::error_from(endpoint.error(), talk.name));
  }
  const bool is_ip = endpoint->kind == Endpoint::Kind::udp || endpoint->kind == Endpoint::Kind::tcp;
  if (!talk.is_connected || !is_ip) {
    return tl::unexpected(host::Error{
        .text = talk.name + ": this end has no address yet, or none that has a textual form"});
  }
  return *std::move(endpoint);
}

host::Result<void> SimNetwork::send(Conversation conversation, std::string_view bytes) {
  const auto found = talks_.find(conversation);
  if (found == talks_.end() || found->second.socket == nullptr) {
    return tl::unexpected(over());
  }
  Talk& talk = found->second;
  if (talk.is_stream) {
    talk.unsent += bytes;
    write(talk);
    return {};
  }
  // A datagram without room is lost, as it could be in the network. Any other error belongs to an
  // earlier datagram: the peer does not listen.
  if (const auto sent = talk.socket->send(bytes); !sent && sent.error() != EAGAIN) {
    fail(talk, host::error_from(sent.error(), talk.name));
  }
  return {};
}

host::NetworkEvent SimNetwork::next(host::TimePoint deadline) {
  pass_until_(deadline, [this] {
    look();
    return !events_.is_empty();
  });
  return events_.take();
}

host::Result<std::vector<host::Rival>> SimNetwork::holders(host::Endpoint::Kind /*kind*/,
                                                           std::uint16_t /*port*/) {
  return tl::unexpected(host::Error{.text = "nobody knows whose socket it is"});
}

host::Result<std::vector<host::Rival>> SimNetwork::rivals(const host::ProcessId& /*owner*/,
                                                          std::uint16_t port) {
  return sockets_.rivals_at(port);
}

void SimNetwork::close(Conversation conversation) {
  talks_.erase(conversation);
  events_.forget(conversation);
}

void SimNetwork::note_change(Talk& talk) {
  if (!std::exchange(talk.is_changed, true)) {
    changed_.push_back(talk.id);
  }
}

void SimNetwork::look() {
  while (events_.is_empty() && !changed_.empty()) {
    for (const auto id : std::exchange(changed_, {})) {
      if (const auto found = talks_.find(id); found != talks_.end()) {
        found->second.is_changed = false;
        go_on(found->second);
      }
    }
  }
}

// At most one read and one write: a peer that sends without pause always has data for the next
// turn.
void SimNetwork::go_on(Talk& talk) {
  if (talk.socket == nullptr) {
    return;
  }
  if (!talk.is_connected) {
    if (!talk.socket->is_writable()) {
      return;
    }
    if (const int failure = talk.socket->take_error(); failure != 0) {
      end(talk, host::error_from(failure, talk.name));
      return;
    }
    on_connected(talk);
  }
  if (talk.socket->is_readable()) {
    note_change(talk);  // there may be more
    receive(talk);
  }
  if (talk.socket != nullptr && !talk.unsent.empty() && talk.socket->is_writable()) {
    write(talk);
  }
}

void SimNetwork::on_connected(Talk& talk) {
  talk.is_connected = true;
  if (talk.is_stream) {
    events_.push(host::Connected{.conversation = talk.id});
  }
}

void SimNetwork::receive(Talk& talk) {
  if (const auto taken = take(talk); !taken) {
    fail(talk, taken.error());
  }
}

host::Result<bool> SimNetwork::take(Talk& talk) {
  auto bytes = talk.socket->receive(buffer_size);
  if (!bytes) {
    return bytes.error() == EAGAIN ? host::Result<bool>(false)
                                   : tl::unexpected(host::error_from(bytes.error(), talk.name));
  }
  if (bytes->empty() && talk.is_stream) {
    return tl::unexpected(host::Error{.text = talk.name + ": closed by the peer"});
  }
  if (!bytes->empty()) {
    events_.push(host::Received{.conversation = talk.id, .bytes = *std::move(bytes)});
  }
  return true;
}

void SimNetwork::write(Talk& talk) {
  const auto written = talk.socket->send(std::string_view(talk.unsent).substr(talk.sent));
  if (!written) {
    if (written.error() != EAGAIN) {
      fail(talk, host::error_from(written.error(), talk.name));
    }
    return;
  }
  talk.sent += *written;
  if (talk.sent == talk.unsent.size()) {
    talk.unsent.clear();
    talk.sent = 0;
  }
}

void SimNetwork::fail(Talk& talk, host::Error reason) {
  // More than a socket buffers; limits the work for a peer that sends without pause.
  constexpr int most = 10'000;
  for (int turn = 0; turn < most; ++turn) {
    if (const auto taken = take(talk); !taken || !*taken) {
      break;
    }
  }
  end(talk, std::move(reason));
}

void SimNetwork::end(Talk& talk, host::Error reason) {
  talk.place = {};
  talk.socket = nullptr;
  events_.push(host::Ended{.conversation = talk.id, .error = std::move(reason)});
}

}  // namespace sim
