#include "agent/posix/network.h"

#include "agent/posix/error.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/datagram_protocol.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/write.hpp>

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace posix {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using host::Conversation;
using host::Endpoint;

// The address of a peer and how to talk to it.
struct Peer {
  asio::generic::datagram_protocol::endpoint address;  // any family, either kind of socket
  bool is_stream = false;
};

std::string name_of(const Endpoint& endpoint) {
  switch (endpoint.kind) {
    case Endpoint::Kind::udp:
      return "udp:" + endpoint.address + ":" + std::to_string(endpoint.port);
    case Endpoint::Kind::tcp:
      return "tcp:" + endpoint.address + ":" + std::to_string(endpoint.port);
    case Endpoint::Kind::unix_datagram:
    case Endpoint::Kind::unix_stream:
      return endpoint.address;
  }
  return {};
}

host::Result<Peer> resolve(const Endpoint& endpoint) {
  const bool is_stream =
      endpoint.kind == Endpoint::Kind::tcp || endpoint.kind == Endpoint::Kind::unix_stream;
  if (endpoint.kind == Endpoint::Kind::udp || endpoint.kind == Endpoint::Kind::tcp) {
    error_code error;
    const auto address = asio::ip::make_address(endpoint.address, error);
    if (error) {
      return tl::unexpected(host::Error{.text = name_of(endpoint) + ": not an IP address"});
    }
    return Peer{.address = asio::ip::udp::endpoint(address, endpoint.port), .is_stream = is_stream};
  }
  if (endpoint.address.empty() || endpoint.address.size() > host::longest_socket_path) {
    return tl::unexpected(
        host::Error{.text = name_of(endpoint) + ": the path of a socket has 1 to 107 bytes"});
  }
  return Peer{.address = asio::local::datagram_protocol::endpoint(endpoint.address),
              .is_stream = is_stream};
}

}  // namespace

class PosixNetwork::Sockets {
 public:
  host::Result<Conversation> open(const Endpoint& endpoint) {
    const auto peer = resolve(endpoint);
    if (!peer) {
      return tl::unexpected(peer.error());
    }
    const auto id = Conversation(next_id_++);
    auto talk = std::make_shared<Talk>(
        context_, id, name_of(endpoint),
        endpoint.kind == Endpoint::Kind::unix_datagram ? unix_datagram_size : usual_size);
    error_code error;
    if (peer->is_stream) {
      connect_stream(talk, *peer, error);
    } else {
      connect_datagrams(talk, *peer, error);
    }
    if (error) {
      return tl::unexpected(error_from(error.value(), talk->name));
    }
    talks_.emplace(id, std::move(talk));
    return id;
  }

  [[nodiscard]] host::Result<Endpoint> local_endpoint(Conversation conversation) const {
    const auto found = talks_.find(conversation);
    if (found == talks_.end() || found->second->is_over) {
      return tl::unexpected(host::Error{.text = "the conversation is over"});
    }
    Talk& talk = *found->second;
    asio::ip::udp::endpoint address;
    auto size = static_cast<socklen_t>(address.capacity());
    const int socket =
        talk.is_stream ? talk.stream.native_handle() : talk.datagrams.native_handle();
    if (::getsockname(socket, address.data(), &size) != 0) {
      return tl::unexpected(error_from(errno, talk.name));
    }
    if (!talk.is_connected || address.data()->sa_family == AF_UNIX) {
      return tl::unexpected(host::Error{
          .text = talk.name + ": this end has no address yet, or none that can be spelled"});
    }
    return Endpoint{.kind = talk.is_stream ? Endpoint::Kind::tcp : Endpoint::Kind::udp,
                    .address = address.address().to_string(),
                    .port = address.port()};
  }

  host::Result<void> send(Conversation conversation, std::string_view bytes) {
    const auto found = talks_.find(conversation);
    if (found == talks_.end() || found->second->is_over || found->second->failure) {
      return tl::unexpected(host::Error{.text = "the conversation is over"});
    }
    const auto& talk = found->second;
    if (talk->is_stream) {
      talk->unsent.emplace_back(bytes);
      if (talk->unsent.size() == 1) {
        write(talk);
      }
      return {};
    }
    error_code error;
    talk->datagrams.send(asio::buffer(bytes), 0, error);
    // One that there is no room for is lost, as it may be on its way.
    if (error && error != asio::error::would_block) {
      // The error of an earlier datagram is reported by this one's send: the peer does not listen.
      fail(talk, error);
    }
    return {};
  }

  host::NetworkEvent next(host::TimePoint deadline) {
    // Without a conversation Asio has nothing to wait for, but the caller does.
    const auto work = asio::make_work_guard(context_);
    context_.restart();
    // Never more than one step: a peer that does not pause has always something for the next.
    while (events_.empty() && context_.run_one_until(deadline) > 0) {
    }
    // What has happened by the deadline counts even if it has passed. Not every step is an event.
    constexpr int most_steps = 100;
    for (int step = 0; step < most_steps && events_.empty() && context_.poll_one() > 0; ++step) {
    }
    if (events_.empty()) {
      return host::Silence{};
    }
    auto event = std::move(events_.front());
    events_.pop_front();
    return event;
  }

  void close(Conversation conversation) {
    const auto found = talks_.find(conversation);
    if (found == talks_.end()) {
      return;
    }
    shut(found->second);
    talks_.erase(found);
    std::erase_if(events_, [&](const host::NetworkEvent& event) {
      const auto speaks_of_it = [&](const auto& happened) {
        if constexpr (requires { happened.conversation; }) {
          return happened.conversation == conversation;
        }
        return false;
      };
      return std::visit(speaks_of_it, event);
    });
  }

 private:
  using DatagramSocket = asio::generic::datagram_protocol::socket;
  using StreamSocket = asio::generic::stream_protocol::socket;

  // What one read takes: any UDP datagram, or more than a unix socket sends by default
  // (net.core.wmem_default).
  static constexpr std::size_t usual_size = 64UL * 1024;
  static constexpr std::size_t unix_datagram_size = 256UL * 1024;

  // Left as it is: to clear it would cost more than most conversations.
  struct Buffer {
    explicit Buffer(std::size_t its_size)
        : bytes(std::make_unique_for_overwrite<char[]>(its_size)), size(its_size) {}  // NOLINT

    std::unique_ptr<char[]> bytes;  // NOLINT
    std::size_t size;
  };

  struct Talk {
    Talk(asio::io_context& context, Conversation its_id, std::string its_name,
         std::size_t its_buffer_size)
        : id(its_id),
          name(std::move(its_name)),
          datagrams(context),
          stream(context),
          buffer(its_buffer_size) {}

    Conversation id;
    std::string name;
    DatagramSocket datagrams;
    StreamSocket stream;
    bool is_stream = false;
    bool is_connected = false;
    bool is_over = false;
    error_code failure;              // of sending; it is over after what has arrived until then
    std::deque<std::string> unsent;  // of a stream; the first is being written
    Buffer buffer;
  };
  using TalkPtr = std::shared_ptr<Talk>;

  // No call on the socket waits, and no other program inherits it.
  template <typename Socket>
  static void open_socket(Socket& socket, const Peer& peer, error_code& error) {
    socket.open({peer.address.protocol().family(), 0}, error);
    if (!error) {
      ::fcntl(socket.native_handle(), F_SETFD, FD_CLOEXEC);
      socket.non_blocking(true, error);
    }
  }

  void connect_datagrams(const TalkPtr& talk, const Peer& peer, error_code& error) {
    open_socket(talk->datagrams, peer, error);
    if (!error && peer.address.protocol().family() == AF_UNIX) {
      take_any_address(talk->datagrams, error);
    }
    if (!error) {
      talk->datagrams.connect(peer.address, error);
    }
    if (!error) {
      talk->is_connected = true;
      receive(talk);
    }
  }

  // unix(7), autobind: an address without a path makes Linux choose one that is no file.
  static void take_any_address(DatagramSocket& socket, error_code& error) {
    DatagramSocket::endpoint_type any;
    any.data()->sa_family = AF_UNIX;
    any.resize(sizeof(sa_family_t));
    socket.bind(any, error);
  }

  void connect_stream(const TalkPtr& talk, const Peer& peer, error_code& error) {
    talk->is_stream = true;
    open_socket(talk->stream, peer, error);
    if (error) {
      return;
    }
    const StreamSocket::endpoint_type address(peer.address.data(), peer.address.size());
    if (peer.address.protocol().family() == AF_UNIX) {
      // Its errors are those of a file, and it never waits: without room it fails.
      talk->stream.connect(address, error);
      if (!error) {
        on_connected(talk, error);
      }
      return;
    }
    talk->stream.async_connect(
        address, [this, talk](const error_code& result) { on_connected(talk, result); });
  }

  void on_connected(const TalkPtr& talk, const error_code& error) {
    if (talk->is_over) {
      return;
    }
    if (error) {
      end(talk, error);
      return;
    }
    talk->is_connected = true;
    events_.emplace_back(host::Connected{.conversation = talk->id});
    receive(talk);
  }

  void receive(const TalkPtr& talk) {
    const auto on_received = [this, talk](const error_code& error, std::size_t size) {
      if (talk->is_over) {
        return;
      }
      take(talk, size);
      if (error || talk->failure) {
        take_rest(talk);
        end(talk, talk->failure ? talk->failure : error);
        return;
      }
      receive(talk);
    };
    with_socket(talk, [&](auto& socket) {
      socket.async_receive(asio::buffer(talk->buffer.bytes.get(), talk->buffer.size), on_received);
    });
  }

  void take(const TalkPtr& talk, std::size_t size) {
    if (size > 0) {
      events_.emplace_back(host::Received{.conversation = talk->id,
                                          .bytes = std::string(talk->buffer.bytes.get(), size)});
    }
  }

  // An error comes before the datagrams that arrived before it.
  void take_rest(const TalkPtr& talk) {
    with_socket(talk, [&](auto& socket) {
      for (error_code error; !error;) {
        take(talk,
             socket.receive(asio::buffer(talk->buffer.bytes.get(), talk->buffer.size), 0, error));
      }
    });
  }

  void write(const TalkPtr& talk) {
    asio::async_write(talk->stream, asio::buffer(talk->unsent.front()),
                      [this, talk](const error_code& error, std::size_t /*size*/) {
                        if (talk->is_over) {
                          return;
                        }
                        if (error) {
                          fail(talk, error);
                          return;
                        }
                        talk->unsent.pop_front();
                        if (!talk->unsent.empty()) {
                          write(talk);
                        }
                      });
  }

  // Leaves the end to the receiving side, which first takes what has arrived.
  static void fail(const TalkPtr& talk, const error_code& error) {
    if (talk->failure) {
      return;
    }
    talk->failure = error;
    with_socket(talk, [](auto& socket) {
      error_code ignored;
      socket.cancel(ignored);
    });
  }

  template <typename Use>
  static void with_socket(const TalkPtr& talk, const Use& use) {
    if (talk->is_stream) {
      use(talk->stream);
    } else {
      use(talk->datagrams);
    }
  }

  void end(const TalkPtr& talk, const error_code& error) {
    if (talk->is_over) {
      return;
    }
    shut(talk);
    auto reason = error == asio::error::eof
                      ? host::Error{.text = talk->name + ": closed by the peer"}
                      : error_from(error.value(), talk->name);
    events_.emplace_back(host::Ended{.conversation = talk->id, .error = std::move(reason)});
  }

  static void shut(const TalkPtr& talk) {
    talk->is_over = true;
    error_code ignored;
    talk->datagrams.close(ignored);
    talk->stream.close(ignored);
  }

  asio::io_context context_{1};  // one thread: no locks
  std::map<Conversation, TalkPtr> talks_;
  std::deque<host::NetworkEvent> events_;
  int next_id_ = 0;
};

PosixNetwork::PosixNetwork() : sockets_(std::make_unique<Sockets>()) {}
PosixNetwork::~PosixNetwork() = default;

host::Result<Conversation> PosixNetwork::open(const Endpoint& endpoint) {
  return sockets_->open(endpoint);
}

host::Result<Endpoint> PosixNetwork::local_endpoint(Conversation conversation) const {
  return sockets_->local_endpoint(conversation);
}

host::Result<void> PosixNetwork::send(Conversation conversation, std::string_view bytes) {
  return sockets_->send(conversation, bytes);
}

host::NetworkEvent PosixNetwork::next(host::TimePoint deadline) { return sockets_->next(deadline); }

void PosixNetwork::close(Conversation conversation) { sockets_->close(conversation); }

}  // namespace posix
